/** Something that whoever asks for a simulation can put right: said in words, without a stack. */
export class SimulateError extends Error {
  override readonly name = 'SimulateError';
}

/** Runs a command and sets the exit code that it returns. A wrong option or file is said in words, with exit code 2; everything else keeps its stack. */
export async function runSimulation(command: () => number | Promise<number>): Promise<void> {
  try {
    process.exitCode = await command();
  } catch (error) {
    const isUsage = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
    console.error(isUsage || error instanceof SimulateError ? error.message : error);
    process.exitCode = 2;
  }
}
