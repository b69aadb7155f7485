import { expect, test } from 'vitest';
import { VirtualClock } from '../../../src/sim/driver/virtual-clock.ts';
import { MeasuredBusyness } from '../../../src/system/load/busyness.ts';
import { until } from '../../until.ts';
import { passTime } from '../../virtual-time.ts';

test('a process is busy once it has worked for three quarters of a second, and until it works for less than 65 % of one', () => {
  const clock = new VirtualClock(0);
  const workedParts = [0.74, 0.75, 0.7, 0.65, 0.64, 0.74, 1];
  const busyness = new MeasuredBusyness(clock, () => workedParts.shift() ?? 0);
  const found = [];
  for (let second = 1; second <= 6; second += 1) {
    passTime(clock, 1_000);
    found.push(busyness.isBusy);
  }
  expect(found).toEqual([false, true, true, true, false, false]);
  busyness.stop();
  passTime(clock, 1_000);
  expect(busyness.isBusy).toBe(false);
});

test('this process is busy while it works, and is so no more when it has rested', async () => {
  const looks: (() => void)[] = [];
  const clock = new VirtualClock(0);
  clock.lazily = (_, fire) => {
    looks.push(fire);
    return clock.after(1, fire);
  };
  const busyness = new MeasuredBusyness(clock);
  const untilMs = performance.now() + 50;
  while (performance.now() < untilMs);
  looks.pop()?.();
  expect(busyness.isBusy).toBe(true);
  await until('a process at rest', () => {
    looks.pop()?.();
    return !busyness.isBusy;
  });
});
