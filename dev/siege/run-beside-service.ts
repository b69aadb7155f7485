/**
 * Runs a command that has a service beside it, which must not outlive the command, and sets the exit code that it returns. What could not be
 * run at all is exit code 3: a wrong option in words, everything else with its stack.
 */
export async function runBesideService(command: () => Promise<number>): Promise<void> {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(3));
  try {
    process.exitCode = await command();
  } catch (error) {
    const isAsked = error instanceof RangeError || (error instanceof TypeError && 'code' in error);
    console.error(isAsked ? error.message : error);
    process.exitCode = 3;
  }
}
