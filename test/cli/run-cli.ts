import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { stripVTControlCharacters } from 'node:util';
import { type Command, runCommand } from '../../src/cli/terminal/terminal.ts';
import { compileCache } from '../compile-cache.ts';

/** Runs a command of Parley as `npm run` does, and waits for its end. A start takes a second: where its words are asked, `runHere` brings them. */
export function runCli(command: string, ...args: readonly string[]): { code: number | null; out: string; err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [scriptOf(command), ...args], { encoding: 'utf8' });
  return { code: status, out: stdout, err: stderr };
}

/**
 * Runs a command in this process, with nothing but these settings in its environment. Whether words have colours is left to the terminal
 * and environment of the process, so they come without.
 */
export async function runHere(
  command: Command,
  args: readonly string[],
  {
    settings = {},
    folder = '.',
  }: { readonly settings?: Readonly<Record<string, string>>; readonly folder?: string } = {},
): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  const code = await runCommand(command, {
    args,
    env: { PARLEY_ENV_FILE: 'off', ...settings },
    folder,
    print: (line) => void (out += `${stripVTControlCharacters(line)}\n`),
    write: async (words) => void (out += stripVTControlCharacters(words)),
    complain: (line) => void (err += `${stripVTControlCharacters(line)}\n`),
  });
  return { code, out, err };
}

/** Runs a command beside others, with nothing but these settings in its environment. Resolves when it has ended. */
export async function startCli(
  command: string,
  args: readonly string[],
  settings: Readonly<Record<string, string>>,
): Promise<{ code: number | null; out: string; err: string }> {
  const child = spawn(process.execPath, [scriptOf(command), ...args], {
    env: { ...compileCache, PARLEY_ENV_FILE: 'off', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const closed = once(child, 'close');
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  await closed;
  return { code: child.exitCode, out, err };
}

function scriptOf(command: string): string {
  return join(import.meta.dirname, '../../src/cli', `${command}.ts`);
}
