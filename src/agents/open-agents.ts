import type { Config } from '../config/config.ts';
import { ParleyError } from '../errors.ts';
import type { AgentBook } from './agent-book.ts';
import { AgentsSource, type AgentsSourceMeans } from './agents-source.ts';
import { readSettled, type SettledAgents } from './reload/settled-read.ts';

/** The agents of a service at its start, and where they are read again. */
export interface Agents {
  readonly source: AgentsSource;
  readonly book: AgentBook;
  readonly read: SettledAgents;
}

/** Reads the agents. Throws `agents.fileInvalid` with a line for each problem. */
export async function openAgents(config: Config, means: AgentsSourceMeans): Promise<Agents> {
  const source = new AgentsSource(config, means);
  const read = await readSettled(source);
  const { book, problems } = read;
  if (book === null) throw new ParleyError('agents.fileInvalid', problems.join('\n'));
  return { source, book, read };
}
