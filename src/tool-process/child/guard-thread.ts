import { writeSync } from 'node:fs';
import { workerData } from 'node:worker_threads';
import type { GuardOrder } from './guard.ts';

const lookMs = 500;

/** Ends the process from a thread of its own, because the main one may be in a loop that hears of nothing. */
const { parentPid, residentBytesMax }: GuardOrder = workerData;

setInterval(() => {
  // Whoever loses its parent gets another one.
  if (process.ppid !== parentPid) process.kill(process.pid, 'SIGKILL');
  const bytes = process.memoryUsage.rss();
  if (bytes <= residentBytesMax) return;
  const [held, max] = [bytes, residentBytesMax].map((count) => Math.round(count / 2 ** 20));
  writeSync(2, `This process is ended: it holds ${held} MB, and may hold ${max}.\n`);
  process.kill(process.pid, 'SIGKILL');
}, lookMs);
