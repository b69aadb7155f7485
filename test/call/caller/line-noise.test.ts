import { expect, test } from 'vitest';
import { LineNoise } from '../../../src/call/caller/line-noise.ts';

/** 20 ms of sound that is known again by its number. */
const frame = (number: number): Uint8Array => new Uint8Array(160).fill(number);

function heard(frames: number): LineNoise {
  const noise = new LineNoise();
  for (let number = 1; number <= frames; number++) noise.heard(frame(number));
  return noise;
}

function taken(noise: LineNoise, frames: number): (number | undefined)[] {
  return Array.from({ length: frames }, () => noise.take(160)?.[0]);
}

test('none is known before 300 ms of it are older than a word that is not noticed yet', () => {
  expect(heard(24).take(160)).toBeNull();
  expect(heard(25).take(160)).toStrictEqual(frame(1));
});

test('it goes round', () => {
  expect(taken(heard(25), 17)).toStrictEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 1, 2]);
});

test('it is given in whatever lengths are asked for', () => {
  const noise = heard(25);
  expect(noise.take(80)).toStrictEqual(frame(1).subarray(80));
  expect(noise.take(160)).toStrictEqual(Uint8Array.from([...frame(1).subarray(80), ...frame(2).subarray(80)]));
});

test('what comes right before a voice is no part of it', () => {
  const noise = heard(27);
  noise.forgetYoung();
  for (let number = 101; number <= 110; number++) noise.heard(frame(number));
  expect(Math.max(...taken(noise, 15).map(Number))).toBe(17);
  noise.heard(frame(111));
  expect(taken(noise, 15)).toContain(101);
});
