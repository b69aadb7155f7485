import { expect, test } from 'vitest';
import { VirtualClock } from '../../src/sim/driver/virtual-clock.ts';
import { TokenBucket } from '../../src/system/token-bucket.ts';

test('a bucket gives what may come at once, and no more', () => {
  const { bucket } = full();
  expect([bucket.take(4), bucket.take(6), bucket.take(1)]).toEqual([true, true, false]);
});

test('what was used comes back with time, in parts of a second as well', () => {
  const { bucket, clock } = full();
  bucket.take(10);
  clock.moveTo(499);
  expect(bucket.take(1)).toBe(false);
  clock.moveTo(500);
  expect([bucket.take(1), bucket.take(1)]).toEqual([true, false]);
  clock.moveTo(2_500);
  expect([bucket.take(4), bucket.take(1)]).toEqual([true, false]);
});

test('no more comes back than was used, however long nothing is taken', () => {
  const { bucket, clock } = full();
  bucket.take(1);
  clock.moveTo(3_600_000);
  expect([bucket.take(10), bucket.take(1)]).toEqual([true, false]);
});

test('what is refused is not taken', () => {
  const { bucket } = full();
  expect([bucket.take(11), bucket.take(10)]).toEqual([false, true]);
});

/** Ten at once, and two a second. */
function full() {
  const clock = new VirtualClock(0);
  return { clock, bucket: new TokenBucket({ atOnce: 10, perSecond: 2 }, clock) };
}
