import { type Clock, whenever } from '../system/clock.ts';
import type { CallRegistry } from './call-registry.ts';
import { handOver } from './fleet/hand-over.ts';

/** How often a drain looks whether calls are left. */
const lookMs = 100;

/** How long calls get to reach their fallback, or to finish an exit, once a drain has run out of time. */
const farewellMsMax = 10_000;

/** How long Twilio gets to ask about the calls that were released. It asks within a second (TW-CLOSE-1), or asks another process. */
const askedMsMax = 1_500;

/** How a process leaves its calls. */
export interface DrainOptions {
  readonly clock: Clock;
  /** How long live calls may go on undisturbed. */
  readonly msMax: number;
  /** Asked at that time: whether the journal can tell the next process of the calls. */
  readonly canRelease: () => boolean;
  /** Asked again and again until then: whether another process is there that goes on with a call now. */
  readonly canHandOver: () => boolean;
}

/**
 * Takes no new calls and waits until each live one has ended or was left to another process that is there. After `msMax` the rest is released
 * to the next process if `canRelease`, and otherwise sent to its fallback. Calls `done`, in bounded time, with how many calls were cut off.
 */
export function drain(registry: CallRegistry, options: DrainOptions, done: (cutOff: number) => void): void {
  const { clock, msMax, canRelease, canHandOver } = options;
  const isEmpty = (): boolean => registry.liveCount === 0;
  const finish = (): void => done(registry.liveCount);
  registry.beginDrain();
  const stopHandingOver = handOver(registry, clock, canHandOver);
  whenever(clock, isEmpty, lookMs, msMax, () => {
    stopHandingOver();
    if (isEmpty()) return whenever(clock, () => registry.isAskedAboutAll, lookMs, askedMsMax, finish);
    if (canRelease()) return releaseAll(registry, options, finish);
    for (const host of registry.live) host.tell({ type: 'service.drained' });
    whenever(clock, isEmpty, lookMs, farewellMsMax, finish);
  });
}

/** Calls whose exit is decided end first, so that the process can stop as soon as Twilio has asked about the others. */
function releaseAll(registry: CallRegistry, { clock, canHandOver }: DrainOptions, done: () => void): void {
  registry.beginRelease();
  const noneLeaves = (): boolean => !registry.live.some((host) => host.isLeaving && !host.isHandedOver);
  whenever(clock, noneLeaves, lookMs, farewellMsMax, () => {
    const released = registry.live.filter((host) => !host.isLeaving);
    registry.awaitQuestions(released);
    let left = released.length;
    const asked = (): void => whenever(clock, () => registry.isAskedAboutAll, lookMs, askedMsMax, done);
    if (left === 0) return asked();
    const isThere = canHandOver();
    for (const host of released) {
      host.release(isThere, () => {
        left -= 1;
        if (left === 0) asked();
      });
    }
  });
}
