import { readdirSync, writeFileSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';

/** What the guard of a process is told. */
export interface GuardOrder {
  readonly parentPid: number;
  readonly residentBytesMax: number;
}

/**
 * More than the largest heap beside what lies outside of it. What is held there, such as the bytes of a file, is bounded by nothing else.
 */
const residentBytesMax = 900 * 2 ** 20;

/** Sees to it that this process ends with its parent and holds no more memory than it may, whatever its main thread does. */
export function startGuard(): void {
  const order: GuardOrder = { parentPid: process.ppid, residentBytesMax };
  const execArgv = ['--disable-warning=ExperimentalWarning'];
  new Worker(new URL('guard-thread.ts', import.meta.url), { workerData: order, execArgv, env: {} }).unref();
}

/** Lets the calls go first: in all threads that there are, and in those that they start. Does what the system allows. */
export function stepBack(): void {
  // On Linux each thread has a priority of its own, also those that collect garbage.
  for (const thread of threads()) attempt(() => setPriority(thread, constants.priority.PRIORITY_BELOW_NORMAL));
  // When the machine has no memory left, Linux ends this process rather than the one with the calls.
  attempt(() => writeFileSync('/proc/self/oom_score_adj', '800'));
}

function threads(): number[] {
  try {
    return readdirSync('/proc/self/task').map(Number);
  } catch {
    return [0];
  }
}

function attempt(change: () => void): void {
  try {
    change();
  } catch {
    // Not every system has it, and not every user may.
  }
}
