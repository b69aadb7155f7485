import type { AgentsSource } from '../agents-source.ts';
import type { ReadAgents } from '../file/read-agents-file.ts';
import { filePrint } from '../../admin-file/file-print.ts';

/** Agents, and the state of their files when they were read. */
export interface SettledAgents extends ReadAgents {
  readonly print: string;
}

/** The first reading finds the files that there are. Whoever writes all the time is looked at again later. */
const readingsMax = 4;

/** Reads until no file has changed meanwhile, in bounds. `known`: the files that were read before. */
export async function readSettled(source: AgentsSource, known: readonly string[] = []): Promise<SettledAgents> {
  let files = known;
  for (let reading = 1; ; reading += 1) {
    const before = await filePrint(files);
    const read = await source.read();
    files = read.files;
    const print = await filePrint(files);
    if (print === before || reading >= readingsMax) return { ...read, print };
  }
}
