import { expect, test } from 'vitest';
import { EqualWaits } from '../../../src/host/timing/equal-waits.ts';
import { VirtualClock } from '../../../src/sim/driver/virtual-clock.ts';
import { passTime } from '../../virtual-time.ts';

test('whoever waits is called back when the time is over, in order, and at most 10 ms later', () => {
  const clock = new VirtualClock(0);
  const waits = new EqualWaits(clock, 30);
  const fired: (readonly [begunMs: number, afterMs: number])[] = [];
  for (let begunMs = 0; begunMs < 200; begunMs += 1) {
    waits.begin(() => fired.push([begunMs, clock.nowMs() - begunMs]));
    passTime(clock, 1);
  }
  passTime(clock, 100);
  expect(fired.map(([begunMs]) => begunMs)).toEqual(Array.from({ length: 200 }, (_, ms) => ms));
  expect(Math.min(...fired.map(([, afterMs]) => afterMs))).toBe(30);
  expect(Math.max(...fired.map(([, afterMs]) => afterMs))).toBeLessThanOrEqual(40);
  expect(clock.nextDueMs).toBeNull();
});

test('whose wait was ended is not called back, also when that happens while others are', () => {
  const clock = new VirtualClock(0);
  const waits = new EqualWaits(clock, 30);
  const fired: string[] = [];
  const first = waits.begin(() => fired.push('ended before'));
  waits.begin(() => {
    fired.push('kept');
    last.end();
    waits.begin(() => fired.push('begun meanwhile'));
  });
  const last = waits.begin(() => fired.push('ended meanwhile'));
  first.end();
  passTime(clock, 30);
  expect(fired).toEqual(['kept']);
  passTime(clock, 30);
  expect(fired).toEqual(['kept', 'begun meanwhile']);
});
