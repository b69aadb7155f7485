import type { Clock } from '../system/clock.ts';
import type { LeaseAnswer, LeaseFailure } from './lease.ts';
import type { LeaseKeeper } from './lease-keeper.ts';

/** How long a start waits for a store that refuses, and at most: longer than the lease of a process that was killed. */
const waitMs = { refused: 10_000, max: 30_000 };

/** How a lease began. `taken`: another process has the name, and lives. */
export type LeaseBeginning = { readonly kind: 'held' } | { readonly kind: 'taken' } | LeaseFailure;

/**
 * Waits until this process has its lease, or until it is clear that it gets none. A process that had its name and was killed is waited for,
 * for the time of a lease; one that renews its lease has the name. Calls `done` once, in bounded time.
 */
export function beginLease(keeper: LeaseKeeper, clock: Clock, done: (beginning: LeaseBeginning) => void): void {
  const startMs = clock.nowMs();
  const passedMs = (): number => clock.nowMs() - startMs;
  /** When whoever has the name said that it lives, as it was seen first. */
  const seen = new Map<string, number>();
  let isOver = false;
  const finish = (beginning: LeaseBeginning): void => {
    if (isOver) return;
    isOver = true;
    deadline.cancel();
    done(beginning);
  };
  const never: LeaseFailure = { kind: 'failed', code: 'journal.unreachable', why: 'The leases could not be reached' };
  const deadline = clock.after(waitMs.max, () => finish(never));
  keeper.start((answer: LeaseAnswer | LeaseFailure) => {
    switch (answer.kind) {
      case 'held':
        return finish({ kind: 'held' });
      case 'taken': {
        const firstMs = seen.get(answer.by) ?? answer.renewedAtMs;
        seen.set(answer.by, firstMs);
        return answer.renewedAtMs > firstMs ? finish({ kind: 'taken' }) : undefined;
      }
      case 'failed':
        return passedMs() >= waitMs.refused ? finish(answer) : undefined;
      case 'late':
    }
  });
}
