import { inspect } from 'node:util';

/** Something that whoever asks for a simulation can put right: said in words, without a stack. */
export class SimulateError extends Error {
  override readonly name = 'SimulateError';
}

/** Runs a command and sets the exit code that it returns. A wrong option or file is said in words, with exit code 2; everything else keeps its stack. */
export async function runSimulation(command: () => number | Promise<number>): Promise<void> {
  process.exitCode = await simulationCode(command, (words) => console.error(words));
}

/** Runs a command and returns its exit code. `complain` is told what `runSimulation` says. */
export async function simulationCode(
  command: () => number | Promise<number>,
  complain: (words: string) => void,
): Promise<number> {
  try {
    return await command();
  } catch (error) {
    const isUsage = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
    complain(isUsage || error instanceof SimulateError ? error.message : inspect(error));
    return 2;
  }
}
