import { expect, test } from 'vitest';
import { VirtualClock } from '../../../src/sim/driver/virtual-clock.ts';
import { MeasuredDelay } from '../../../src/system/load/event-loop-delay.ts';
import { passTime } from '../../virtual-time.ts';

function measured(): { readonly clock: VirtualClock; readonly delay: MeasuredDelay } {
  const clock = new VirtualClock(0);
  return { clock, delay: new MeasuredDelay(clock) };
}

test('a process that is in time has no delay', () => {
  const { clock, delay } = measured();
  passTime(clock, 60_000);
  expect(delay.delayMs()).toBe(0);
});

test('nothing is said of the first second', () => {
  const { clock, delay } = measured();
  passLate(clock, 600, 300);
  expect(delay.delayMs()).toBe(0);
  passLate(clock, 600, 300);
  expect(delay.delayMs()).toBe(300);
});

test('a process that is late all the time has that delay, however seldom it looks', () => {
  const { clock, delay } = measured();
  passLate(clock, 20_000, 1_500);
  expect(delay.delayMs()).toBe(1_500);
});

test('a single stall is no delay', () => {
  const { clock, delay } = measured();
  passTime(clock, 5_000);
  passLate(clock, 50, 3_000);
  passTime(clock, 1_000);
  expect(delay.delayMs()).toBe(0);
});

test('a process that has become late is known to be so after three looks', () => {
  const { clock, delay } = measured();
  passTime(clock, 60_000);
  passLate(clock, 300, 200);
  expect(delay.delayMs()).toBe(0);
  passLate(clock, 200, 200);
  expect(delay.delayMs()).toBe(200);
  passTime(clock, 50);
  expect(delay.delayMs()).toBe(0);
});

test('what was more than five seconds ago does not count', () => {
  const { clock, delay } = measured();
  passLate(clock, 10_000, 400);
  passTime(clock, 2_000);
  expect(delay.delayMs()).toBe(400);
  passTime(clock, 3_100);
  expect(delay.delayMs()).toBe(0);
});

test('one that is stopped looks no more', () => {
  const { clock, delay } = measured();
  passTime(clock, 1_000);
  delay.stop();
  expect(clock.nextDueMs).toBeNull();
});

/** At least so much time passes in a process whose timers fire so late. */
function passLate(clock: VirtualClock, ms: number, lateMs: number): void {
  const untilMs = clock.nowMs() + ms;
  for (let due = clock.nextDueMs; due !== null && due <= untilMs; due = clock.nextDueMs) {
    clock.moveTo(due + lateMs);
    clock.fireNext();
  }
}
