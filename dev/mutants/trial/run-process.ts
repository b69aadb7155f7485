import { spawn } from 'node:child_process';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** What is sabotaged may order without end, and shall not take the machine's memory. */
const heapMbMax = 1_024;

/** More than all lines of a trial. */
const outputCharsMax = 50_000_000;

/** A trial takes seconds. Whoever needs this long on a busy machine loops for ever. */
const trialMsMax = 120_000;

/** What all processes load is compiled once for them: that was half of what a short one took. */
const compileCache = join(tmpdir(), 'parley-compile-cache');

/** How a process of Node ended. */
export interface ProcessOutcome {
  readonly output: string;
  /** Why it did not come to a good end, or null. */
  readonly death: string | null;
}

/** What a process gets beside its arguments. */
export interface ProcessOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** How long it may take. */
  readonly msMax?: number;
}

/** Runs a script in a process of its own, in bounded time and memory. Flags of Node come before the script. */
export function runProcess(
  args: readonly string[],
  { input = '', env = {}, msMax = trialMsMax }: ProcessOptions,
): Promise<ProcessOutcome> {
  const child = spawn(process.execPath, [`--max-old-space-size=${heapMbMax}`, ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, NODE_COMPILE_CACHE: compileCache, ...env },
  });
  return new Promise((resolve, reject) => {
    let output = '';
    let errors = '';
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      child.kill('SIGKILL');
    }, msMax);
    child.stdout.on('data', (part) => (output = (output + String(part)).slice(0, outputCharsMax)));
    child.stderr.on('data', (part) => (errors = (errors + String(part)).slice(0, outputCharsMax)));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      clearTimeout(timer);
      const died = code === 0 ? null : `it dies (${code ?? signal}) ${errorOf(errors)}`;
      resolve({ output, death: isLate ? 'it never comes to an end' : died });
    });
    // Whoever dies at once has not read it.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** The line of a stack that says what was thrown. */
function errorOf(errors: string): string {
  return errors.split('\n').find((line) => /^\w*Error\b/.test(line)) ?? '';
}
