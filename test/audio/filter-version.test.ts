import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { codec } from '../../dev/audio/codec.ts';
import { filteredAudioPath, type Resampler } from '../../src/audio/audio-path.ts';
import { filterVersion } from '../../src/audio/filters.ts';
import { noise } from './streams.ts';

/** What each version of the filters makes of the same sound. A line is added with a version, and none is changed. */
const outputs: ReadonlyMap<number, string> = new Map([
  [1, '53af46029e9064eeb1f7461c9cdc0212149a5e7b297b4bbce8ee0193eb0493b2'],
]);

test('filters that give other bits have another version', () => {
  const silence = new Uint8Array();
  const path = filteredAudioPath(codec, { tone: silence, phrase: silence });
  const hash = createHash('sha256');
  // Frames and chunks as they come, an odd number of bytes, and a second sound after the end of the first.
  for (const [resampler, piecesBytes] of [
    [path.callerUpsampler(), [160, 160, 320, 7, 1600]],
    [path.agentDownsampler(), [1920, 4800, 11, 9600]],
  ] as const) {
    for (const seed of [1, 2]) convert(resampler, piecesBytes, seed, (piece) => hash.update(piece));
  }
  expect(outputs.get(filterVersion)).toBe(hash.digest('hex'));
});

function convert(
  resampler: Resampler,
  piecesBytes: readonly number[],
  seed: number,
  take: (piece: Uint8Array) => void,
): void {
  for (const [at, bytes] of piecesBytes.entries()) take(resampler.push(noise(bytes, 10 * seed + at)));
  take(resampler.flush());
}
