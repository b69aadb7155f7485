import { expect, test } from 'vitest';
import { PlayQueue } from '../../../../web/phone/sound/play-queue.ts';
import { mulawCodec } from '../../../../src/sounds/mulaw-codec.ts';

test('frames are played in order once four have come, and a gap makes it wait for more', () => {
  const queue = new PlayQueue();
  expect(played(queue, [1, 2, 3])).toEqual([]);
  expect(played(queue, [4])).toEqual([1, 2, 3, 4]);
  expect(played(queue, [5, 6, 7, 8, 9])).toEqual([]);
  expect(played(queue, [10])).toEqual([5, 6, 7, 8, 9, 10]);
  expect(queue.tally).toMatchObject({ played: 10, gaps: 2, dropped: 0, shortened: 0, waiting: 0 });
});

test('after a clear nothing of before is played', () => {
  const queue = new PlayQueue();
  for (const level of [1, 2, 3, 4, 5, 6]) queue.push(frame(level));
  expect(levelOf(queue.next())).toBe(1);
  queue.clear();
  expect(queue.next()).toBeNull();
  expect(queue.tally).toMatchObject({ played: 1, cleared: 5, waiting: 0 });
});

test('what waits too long is made up for in pauses, and not in words', () => {
  const queue = new PlayQueue();
  for (const level of [1, 0, 0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]) queue.push(frame(level));
  expect([queue.next(), queue.next()].map(levelOf)).toEqual([1, 2]);
  expect(queue.tally).toMatchObject({ shortened: 2, dropped: 0 });
});

test('more than two seconds do not wait', () => {
  const queue = new PlayQueue();
  for (let at = 0; at < 120; at += 1) queue.push(frame(1 + (at % 12)));
  expect(levelOf(queue.next())).toBe(1 + (20 % 12));
  expect(queue.tally).toMatchObject({ dropped: 20 });
});

/** What comes out until there is nothing to play. */
function played(queue: PlayQueue, levels: readonly number[]): number[] {
  for (const level of levels) queue.push(frame(level));
  const out: number[] = [];
  for (let next = queue.next(); next !== null; next = queue.next()) out.push(levelOf(next));
  return out;
}

/** A frame of a steady level; 0 is silence. */
function frame(level: number): Uint8Array {
  return new Uint8Array(160).fill(mulawCodec.encode[32_768 + 2_000 * level] ?? 0);
}

function levelOf(samples: Float32Array | null): number {
  return Math.round(((samples?.[0] ?? Number.NaN) * 32_768) / 2_000);
}
