import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** Runs a command of Parley as `npm run` does, and waits for its end. */
export function runCli(command: string, ...args: readonly string[]): { code: number | null; out: string; err: string } {
  const script = join(import.meta.dirname, '../../src/cli', `${command}.ts`);
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}
