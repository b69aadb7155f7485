import { addressee } from '../twilio/paths.ts';
import type { RequestStart } from './request-start.ts';

/** What of a worker matters for who gets a request. */
export interface WorkerState {
  readonly instance: string;
  /** `starting`: what it is given waits until it is up. `gone`: it does not come back. */
  readonly phase: 'starting' | 'up' | 'gone';
  /** For how many more calls it has room; 0 also when it takes none for another reason. */
  readonly room: number;
  /** The same without what it was given and has not told of, which need not be calls: anybody may ask. Less than 0 where it stands still. */
  readonly toldRoom: number;
}

/**
 * Which worker gets a request, by its number. What is about a call goes to the worker that has it, also while that is starting, because the
 * call comes back there. Everything else goes to the one with the most room. Null when that wants one that is up, and none is.
 */
export function routeOf(
  { target, callSid }: RequestStart,
  workers: readonly WorkerState[],
  ownerOf: (callSid: string) => number | null,
): number | null {
  const { instance } = addressee(target);
  const named = workers.findIndex((worker) => worker.instance === instance);
  const owner = named >= 0 ? named : callSid === null ? null : ownerOf(callSid);
  return owner === null || workers[owner]?.phase === 'gone' ? roomiest(workers) : owner;
}

/** The worker with the most room of those that are up, though it may have none; null when none is up. */
export function roomiest(workers: readonly WorkerState[]): number | null {
  let best: number | null = null;
  for (const [at, worker] of workers.entries()) {
    if (worker.phase !== 'up') continue;
    const other = best === null ? undefined : workers[best];
    if (other === undefined || hasMoreRoom(worker, other)) best = at;
  }
  return best;
}

function hasMoreRoom(one: WorkerState, other: WorkerState): boolean {
  return one.room === other.room ? one.toldRoom > other.toldRoom : one.room > other.room;
}
