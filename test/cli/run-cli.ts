import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { compileCache } from '../compile-cache.ts';

/** Runs a command of Parley as `npm run` does, and waits for its end. */
export function runCli(command: string, ...args: readonly string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [scriptOf(command), ...args], { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

/** Runs a command beside others, with nothing but these settings in its environment. Resolves when it has ended. */
export async function startCli(
  command: string,
  args: readonly string[],
  { settings = {}, cwd }: { readonly settings?: Readonly<Record<string, string>>; readonly cwd?: string } = {},
): Promise<{ exitCode: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [scriptOf(command), ...args], {
    cwd,
    env: { ...compileCache, PARLEY_ENV_FILE: 'off', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await closed;
  return { exitCode: child.exitCode, stdout, stderr };
}

function scriptOf(command: string): string {
  return join(import.meta.dirname, '../../src/cli', `${command}.ts`);
}
