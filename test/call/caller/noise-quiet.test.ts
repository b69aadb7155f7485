import { expect, test } from 'vitest';
import { NoiseQuiet } from '../../../src/call/caller/noise-quiet.ts';
import type { CallerFrame } from '../../../src/call/caller/speech-backlog.ts';

/** A frame of 20 ms that can be told from others. */
function frameOf(code: number): CallerFrame {
  return { audio: new Uint8Array(160).fill(code), isSpeech: true, wasForwarded: false };
}

/** So many frames of noise: how many of them are replaced by quiet. */
function replaced(quiet: NoiseQuiet, frames: number): number {
  return Array.from({ length: frames }, (_, at) => quiet.replaces(frameOf(at % 251), true)).filter(Boolean).length;
}

test('ten seconds of noise in a row are replaced by quiet, and ten more after a caller', () => {
  const quiet = new NoiseQuiet();
  expect(replaced(quiet, 600)).toBe(500);
  expect(quiet.replaces(frameOf(0), false)).toBe(false);
  expect(replaced(quiet, 600)).toBe(500);
});

test('a caller who speaks is heard from 200 ms before, once, and noise is not heard after all', () => {
  const quiet = new NoiseQuiet();
  expect(quiet.takeBeginning(true)).toEqual([]);
  for (const frames of [30, 5]) {
    replaced(quiet, frames);
    const codes = Array.from({ length: Math.min(10, frames) }, (_, at) => Math.max(0, frames - 10) + at);
    const beginning = codes.map((code) => ({ ...frameOf(code), wasForwarded: true }));
    expect(quiet.takeBeginning(true)).toEqual(beginning);
    expect(quiet.takeBeginning(true)).toEqual([]);
  }
  replaced(quiet, 30);
  expect([quiet.takeBeginning(false), quiet.takeBeginning(true)]).toEqual([[], []]);
});
