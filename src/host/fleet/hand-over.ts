import type { Clock, Timer } from '../../system/clock.ts';
import type { CallRegistry } from '../call-registry.ts';

/** How often quiet moments are looked for. Between two sentences there is one for about a second. */
const lookMs = 100;

/**
 * Leaves live calls to another process, each at a moment in which nobody speaks or waits, as long as that `isPossible`. Returns what stops
 * it. A call that has no such moment stays.
 */
export function handOver(registry: CallRegistry, clock: Clock, isPossible: () => boolean): () => void {
  let timer: Timer | null = null;
  const look = (): void => {
    const quiet = isPossible() ? registry.live.filter((host) => host.isQuiet) : [];
    registry.awaitQuestions(quiet);
    for (const host of quiet) host.release(true, () => {});
    timer = clock.after(lookMs, look);
  };
  look();
  return () => timer?.cancel();
}
