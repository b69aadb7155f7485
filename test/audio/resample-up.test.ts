import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codec } from '../../dev/audio/codec.ts';
import { pcm16 } from '../../dev/audio/speech-chain.ts';
import { mulawSilence } from '../../src/audio/mulaw.ts';
import { CallerUpsampler } from '../../src/audio/resample-up.ts';
import { tapUnity, upTaps } from '../../src/audio/taps.ts';
import {
  anyCuts,
  anySound,
  filtered,
  firstDifference,
  impulseResponse,
  join,
  noise,
  propertySettings,
  pushInPieces,
  toSample,
} from './streams.ts';

describe('CallerUpsampler', () => {
  test('gives the samples of the textbook convolution, to the last bit', () => {
    const sound = noise(2000);
    expect(firstDifference(pcm16(new CallerUpsampler(codec).push(sound)), textbook(sound))).toBe(-1);
  });

  test('gives the same bits however the sound is cut', () => {
    fc.assert(
      fc.property(anySound, anyCuts, (sound, cuts) => {
        const whole = new CallerUpsampler(codec).push(sound);
        expect(firstDifference(pushInPieces(new CallerUpsampler(codec), sound, cuts), whole)).toBe(-1);
        expect(whole.length).toBe(4 * sound.length);
      }),
      propertySettings,
    );
  });

  test('takes ten seconds at once and a code at a time alike', () => {
    const sound = noise(80_000);
    const whole = new CallerUpsampler(codec).push(sound);
    expect(
      firstDifference(
        pushInPieces(new CallerUpsampler(codec), sound.subarray(0, 2000), Array(2000).fill(1)),
        whole.subarray(0, 8000),
      ),
    ).toBe(-1);
    expect(firstDifference(pcm16(whole), textbook(sound))).toBe(-1);
  });

  test('keeps two calls apart whose frames alternate', () => {
    const [first, second] = [noise(1600, 3), noise(1600, 5)];
    const [streamA, streamB] = [new CallerUpsampler(codec), new CallerUpsampler(codec)];
    const heard: [Uint8Array[], Uint8Array[]] = [[], []];
    for (let start = 0; start < 1600; start += 160) {
      heard[0].push(streamA.push(first.subarray(start, start + 160)));
      heard[1].push(streamB.push(second.subarray(start, start + 160)));
    }
    expect(firstDifference(join(...heard[0]), new CallerUpsampler(codec).push(first))).toBe(-1);
    expect(firstDifference(join(...heard[1]), new CallerUpsampler(codec).push(second))).toBe(-1);
  });

  test('returns buffers that later pushes leave alone', () => {
    const stream = new CallerUpsampler(codec);
    const frame = stream.push(noise(160));
    const copy = frame.slice();
    stream.push(noise(160, 7));
    expect(firstDifference(frame, copy)).toBe(-1);
  });

  test('reads a view into a larger buffer', () => {
    const buffer = Buffer.concat([Buffer.of(1), noise(160)]);
    expect(
      firstDifference(new CallerUpsampler(codec).push(buffer.subarray(1)), new CallerUpsampler(codec).push(noise(160))),
    ).toBe(-1);
  });

  test('clips the loudest sound instead of wrapping it', () => {
    // Half a millisecond each way at full scale: the filter overshoots after every edge.
    const sound = Uint8Array.from({ length: 800 }, (_, i) => (Math.floor(i / 4) % 2 === 0 ? 0x80 : 0x00));
    const samples = pcm16(new CallerUpsampler(codec).push(sound));
    expect(firstDifference(samples, textbook(sound))).toBe(-1);
    expect(Math.max(...samples)).toBe(32_767);
    expect(Math.min(...samples)).toBe(-32_768);
  });

  test('keeps silence silent and a constant constant', () => {
    const stream = new CallerUpsampler(codec);
    expect(firstDifference(stream.push(new Uint8Array(400).fill(mulawSilence)), new Uint8Array(1600))).toBe(-1);
    expect(new Set(pcm16(stream.push(new Uint8Array(400).fill(0x90))).slice(116))).toEqual(
      new Set([codec.decode[0x90]]),
    );
  });

  test('begins anew after a reset', () => {
    const stream = new CallerUpsampler(codec);
    stream.push(noise(500));
    stream.reset();
    expect(stream.flush()).toEqual(new Uint8Array());
    expect(firstDifference(stream.push(noise(160, 3)), new CallerUpsampler(codec).push(noise(160, 3)))).toBe(-1);
  });

  test('gives the last sample at a flush, then begins anew', () => {
    const stream = new CallerUpsampler(codec);
    const click = new Uint8Array(100).fill(mulawSilence);
    click[99] = 0x90;
    const samples = pcm16(join(stream.push(click), stream.flush()));
    expect(samples.at(-1)).toBe(0);
    expect(samples.at(2 * 99 + 57)).toBe(codec.decode[0x90]);
    expect(stream.flush()).toEqual(new Uint8Array());
    expect(firstDifference(stream.push(noise(160)), new CallerUpsampler(codec).push(noise(160)))).toBe(-1);
  });
});

/** Zeros between the samples, then the filter: what the polyphase form must equal. */
function textbook(sound: Uint8Array): Int16Array {
  const taps = impulseResponse(upTaps, tapUnity, 2);
  const stretched = Array.from(sound).flatMap((code) => [codec.decode[code] ?? Number.NaN, 0]);
  return Int16Array.from(stretched, (_, i) => toSample(filtered(stretched, i, taps) / tapUnity));
}
