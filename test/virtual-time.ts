import type { VirtualClock } from '../src/sim/driver/virtual-clock.ts';

/** Time passes, and everything that becomes due by then happens in its order. */
export function passTime(clock: VirtualClock, ms: number): void {
  const untilMs = clock.nowMs() + ms;
  for (let due = clock.nextDueMs; due !== null && due <= untilMs; due = clock.nextDueMs) {
    clock.moveTo(Math.max(due, clock.nowMs()));
    clock.fireNext();
  }
  clock.moveTo(untilMs);
}
