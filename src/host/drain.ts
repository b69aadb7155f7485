import { type Clock, whenever } from '../system/clock.ts';
import type { CallRegistry } from './call-registry.ts';

/** How often a drain looks whether calls are left. */
const lookMs = 100;

/** How long calls get to reach their fallback, or the end that they are coming to, once a drain has run out of time. */
const farewellMsMax = 10_000;

/** How long Twilio gets to ask about the calls that were released. It asks within a second (TW-CLOSE-1), or asks another process. */
const askedMsMax = 1_500;

/** How a process leaves its calls. */
export interface DrainOptions {
  readonly clock: Clock;
  /** How long live calls may go on as if nothing were. */
  readonly msMax: number;
  /** Whether there is a way to the next process by then. */
  readonly canRelease: () => boolean;
}

/**
 * Takes no new calls and waits until the live ones have ended. After `msMax` the rest is left to the next process, if there is a way to
 * it by then, and otherwise sent to its fallback. Tells `done`, in bounded time, how many calls were still there at the very end.
 */
export function drain(registry: CallRegistry, options: DrainOptions, done: (cutOff: number) => void): void {
  const { clock, msMax, canRelease } = options;
  const isEmpty = (): boolean => registry.liveCount === 0;
  const finish = (): void => done(registry.liveCount);
  registry.beginDrain();
  whenever(clock, isEmpty, lookMs, msMax, () => {
    if (isEmpty()) return finish();
    if (canRelease()) return releaseAll(registry, clock, finish);
    for (const host of registry.live) host.tell({ type: 'service.drained' });
    whenever(clock, isEmpty, lookMs, farewellMsMax, finish);
  });
}

/** Calls that are leaving go first, so that the process can go as soon as Twilio has asked about the others. */
function releaseAll(registry: CallRegistry, clock: Clock, done: () => void): void {
  registry.beginRelease();
  const noneLeaves = (): boolean => !registry.live.some((host) => host.isLeaving && !host.isHandedOver);
  whenever(clock, noneLeaves, lookMs, farewellMsMax, () => {
    const released = registry.live.filter((host) => !host.isLeaving);
    registry.awaitQuestions(released);
    let left = released.length;
    const asked = (): void => whenever(clock, () => registry.isAskedAboutAll, lookMs, askedMsMax, done);
    if (left === 0) return asked();
    for (const host of released) {
      host.release(() => {
        left -= 1;
        if (left === 0) asked();
      });
    }
  });
}
