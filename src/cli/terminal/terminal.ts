import { once } from 'node:events';
import { relative } from 'node:path';
import { inspect } from 'node:util';
import { ParleyError } from '../../errors.ts';

/** Where a command runs: what it was given, and where its words go. */
export interface Terminal {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Where a command leaves what nobody has named a place for. */
  readonly folder: string;
  /** Writes lines of what was asked for. */
  readonly print: (text: string) => void;
  /** Writes a text as it is, and resolves when there is room for more. */
  readonly write: (text: string) => Promise<void>;
  /** Writes lines of what is wrong. */
  readonly complain: (text: string) => void;
}

/** A path as it is shown: one inside the folder of the terminal begins there. */
export function shownPath({ folder }: Terminal, path: string): string {
  const fromFolder = relative(folder, path);
  return fromFolder.startsWith('..') ? path : fromFolder;
}

/** A command for users. `run` returns the exit code. */
export interface Command {
  readonly usage: string;
  readonly run: (terminal: Terminal) => number | Promise<number>;
}

/** That of this process. */
const processTerminal: Terminal = {
  args: process.argv.slice(2),
  env: process.env,
  folder: process.cwd(),
  print: (text) => console.log(text),
  async write(text) {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain');
  },
  complain: (text) => console.error(text),
};

/**
 * Runs a command, and returns its exit code. With `--help` it prints the usage and does nothing else. What is wrong with its files or
 * arguments is said in plain lines, with exit code 2; everything else keeps its stack, with exit code 1.
 */
export async function runCommand({ usage, run }: Command, raw: Terminal): Promise<number> {
  const terminal: Terminal = {
    ...raw,
    print: (text) => raw.print(disarmed(text)),
    complain: (text) => raw.complain(disarmed(text)),
  };
  if (terminal.args.includes('--help')) {
    terminal.print(usage);
    return 0;
  }
  try {
    return await run(terminal);
  } catch (error) {
    const isUsage = error instanceof TypeError && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS');
    if (error instanceof ParleyError) terminal.complain(error.message);
    else terminal.complain(isUsage ? `${error.message}\n${usage}` : inspect(error));
    return isUsage || error instanceof ParleyError ? 2 : 1;
  }
}

/** A sign that a terminal obeys, but for ends of lines and tabs, with what follows where `styleText` writes a style of ours. */
const order = /(?![\n\t])\p{Cc}(\[(?:1|22|3[1-79]|90)m)?/gu;

/** Without what a terminal would obey: callers, models and services have said some of these words. */
function disarmed(text: string): string {
  return text.replaceAll(order, (whole, style = '') =>
    whole === `\u001b${style}` && style !== '' ? whole : ` ${style}`,
  );
}

/**
 * Runs a command as what this process is there for, and gives the process its exit code. One that is to end at once does not wait for
 * connections that nobody answers.
 */
export async function startCommand(command: Command, ends: 'whenIdle' | 'atOnce' = 'whenIdle'): Promise<void> {
  process.exitCode = await runCommand(command, processTerminal);
  if (ends === 'atOnce') process.exit();
}
