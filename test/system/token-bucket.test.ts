import { expect, test } from 'vitest';
import { VirtualClock } from '../../src/sim/driver/virtual-clock.ts';
import { TokenBucket } from '../../src/system/token-bucket.ts';

test('a bucket is full at first, and empty when its burst was taken', () => {
  const bucket = new TokenBucket(new VirtualClock(0), { burst: 3, perSecond: 2 });
  expect([bucket.take(2), bucket.take(1), bucket.take(1)]).toEqual([true, true, false]);
});

test('a bucket fills up with time, and never beyond its burst', () => {
  const clock = new VirtualClock(0);
  const bucket = new TokenBucket(clock, { burst: 3, perSecond: 2 });
  bucket.take(3);
  clock.moveTo(499);
  expect(bucket.take(1)).toBe(false);
  clock.moveTo(500);
  expect([bucket.take(1), bucket.take(1)]).toEqual([true, false]);
  clock.moveTo(60_000);
  expect([bucket.take(3), bucket.take(1)]).toEqual([true, false]);
});

test('what is more than there is takes nothing', () => {
  const bucket = new TokenBucket(new VirtualClock(0), { burst: 3, perSecond: 1 });
  expect([bucket.take(4), bucket.take(3)]).toEqual([false, true]);
});
