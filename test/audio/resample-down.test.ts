import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { codec } from '../../dev/audio/codec.ts';
import { toBytes } from '../../dev/audio/converter.ts';
import { pcm16 } from '../../dev/audio/speech-chain.ts';
import { mulawSilence } from '../../src/audio/mulaw.ts';
import { AgentDownsampler } from '../../src/audio/resample-down.ts';
import { downCentreTap, downTaps, tapUnity } from '../../src/audio/taps.ts';
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

describe('AgentDownsampler', () => {
  test('gives the codes of the textbook convolution, to the last bit', () => {
    const sound = noise(6000);
    expect(firstDifference(new AgentDownsampler(codec).push(sound), textbook(sound))).toBe(-1);
  });

  test('gives the same bits however the sound is cut, inside a sample too', () => {
    fc.assert(
      fc.property(anySound, anyCuts, (sound, cuts) => {
        const [whole, pieces] = [new AgentDownsampler(codec), new AgentDownsampler(codec)];
        const codes = whole.push(sound);
        expect(firstDifference(pushInPieces(pieces, sound, cuts), codes)).toBe(-1);
        expect(firstDifference(pieces.flush(), whole.flush())).toBe(-1);
        expect(codes.length).toBe(Math.floor(sound.length / 6));
      }),
      propertySettings,
    );
  });

  test('takes ten seconds at once and a byte at a time alike', () => {
    const sound = noise(480_000);
    const codes = new AgentDownsampler(codec).push(sound);
    expect(
      firstDifference(
        pushInPieces(new AgentDownsampler(codec), sound.subarray(0, 6000), Array(6000).fill(1)),
        codes.subarray(0, 1000),
      ),
    ).toBe(-1);
    expect(firstDifference(codes.subarray(79_000), textbook(sound.subarray(468_000)).subarray(1000))).toBe(-1);
  });

  test('keeps two calls apart whose chunks alternate', () => {
    const [first, second] = [noise(9600, 3), noise(9600, 5)];
    const [streamA, streamB] = [new AgentDownsampler(codec), new AgentDownsampler(codec)];
    const heard: [Uint8Array[], Uint8Array[]] = [[], []];
    for (let start = 0; start < 9600; start += 641) {
      heard[0].push(streamA.push(first.subarray(start, start + 641)));
      heard[1].push(streamB.push(second.subarray(start, start + 641)));
    }
    expect(firstDifference(join(...heard[0]), new AgentDownsampler(codec).push(first))).toBe(-1);
    expect(firstDifference(join(...heard[1]), new AgentDownsampler(codec).push(second))).toBe(-1);
  });

  test('returns buffers that later pushes leave alone', () => {
    const stream = new AgentDownsampler(codec);
    const chunk = stream.push(noise(960));
    const copy = chunk.slice();
    stream.push(noise(960, 7));
    expect(firstDifference(chunk, copy)).toBe(-1);
    expect(chunk.byteLength).toBe(chunk.buffer.byteLength);
  });

  test('reads a view that begins at an odd byte of a larger buffer', () => {
    const buffer = Buffer.concat([Buffer.of(1), noise(960)]);
    expect(
      firstDifference(
        new AgentDownsampler(codec).push(buffer.subarray(1)),
        new AgentDownsampler(codec).push(noise(960)),
      ),
    ).toBe(-1);
  });

  test('clips the loudest sound instead of wrapping it', () => {
    // Half a millisecond each way at full scale: the filter overshoots after every edge.
    const sound = toBytes(
      Int16Array.from({ length: 2400 }, (_, i) => (Math.floor(i / 12) % 2 === 0 ? 32_767 : -32_768)),
    );
    const codes = new AgentDownsampler(codec).push(sound);
    expect(firstDifference(codes, textbook(sound))).toBe(-1);
    expect(codes).toContain(0x80);
    expect(codes).toContain(0x00);
  });

  test('keeps silence silent and a constant constant', () => {
    const stream = new AgentDownsampler(codec);
    expect(firstDifference(stream.push(new Uint8Array(2400)), new Uint8Array(400).fill(mulawSilence))).toBe(-1);
    const loud = codec.decode[0x90] ?? Number.NaN;
    expect(new Set(stream.push(toBytes(new Int16Array(1200).fill(loud))).slice(58))).toEqual(new Set([0x90]));
  });

  test('forgets the reply at a reset, an odd byte and the tail too', () => {
    const stream = new AgentDownsampler(codec);
    stream.push(noise(1001));
    stream.reset();
    expect(stream.flush()).toEqual(new Uint8Array());
    expect(firstDifference(stream.push(noise(960, 3)), new AgentDownsampler(codec).push(noise(960, 3)))).toBe(-1);
  });

  test('gives the last sample at a flush, wherever the reply ends, then begins anew', () => {
    for (const silentSamples of [300, 301, 302]) {
      const stream = new AgentDownsampler(codec);
      const click = new Int16Array(silentSamples + 1);
      click[silentSamples] = 20_000;
      const reply = join(stream.push(toBytes(click)), stream.flush());
      const peakAt = reply.reduce((best, code, i) => (level(code) > level(reply[best] ?? mulawSilence) ? i : best), 0);
      expect(Math.abs(3 * peakAt - 84 - silentSamples)).toBeLessThanOrEqual(1);
      expect(stream.flush()).toEqual(new Uint8Array());
      expect(firstDifference(stream.push(noise(960)), new AgentDownsampler(codec).push(noise(960)))).toBe(-1);
    }
  });

  test('drops half a sample at the end of a reply', () => {
    const [even, odd] = [new AgentDownsampler(codec), new AgentDownsampler(codec)];
    expect(
      firstDifference(
        join(odd.push(noise(1001)), odd.flush()),
        join(even.push(noise(1001).subarray(0, 1000)), even.flush()),
      ),
    ).toBe(-1);
    odd.push(Uint8Array.of(1));
    expect(odd.flush()).toEqual(new Uint8Array());
  });
});

/** The filter at the full rate, of which every third sample is kept: what the polyphase form must equal. */
function textbook(sound: Uint8Array): Uint8Array {
  const taps = impulseResponse(downTaps, downCentreTap, 3);
  const samples = Array.from(pcm16(sound));
  return Uint8Array.from({ length: Math.floor(samples.length / 3) }, (_, i) => {
    const sample = toSample(filtered(samples, 3 * i + 2, taps) / tapUnity);
    return codec.encode[sample + 32_768] ?? Number.NaN;
  });
}

function level(code: number): number {
  return codec.decode[code] ?? Number.NaN;
}
