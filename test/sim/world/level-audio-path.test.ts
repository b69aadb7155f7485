import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Resampler } from '../../../src/audio/audio-path.ts';
import { meanSquare } from '../../../src/audio/level.ts';
import { shippedComfortSounds } from '../../../src/sounds/comfort-sounds.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';
import { standardAudioPath } from '../../../src/sounds/standard-audio-path.ts';
import { levelAudioPath } from '../../../src/sim/world/level-audio-path.ts';
import { syntheticSpeech } from '../../../src/sim/scenario/synthetic-speech.ts';
import {
  anyCuts,
  anySound,
  firstDifference,
  join,
  noise,
  propertySettings,
  pushInPieces,
} from '../../audio/streams.ts';

const levels = levelAudioPath(mulawCodec, shippedComfortSounds);
const sounds = syntheticSpeech(mulawCodec);
const nothing = new Uint8Array();
const frame = (code: number): Uint8Array => new Uint8Array(160).fill(code);
const directions = ['callerUpsampler', 'agentDownsampler'] as const;

/** A length is a piece to push, however short. */
const anyOrders = fc.array(fc.oneof(fc.constant('flush'), fc.constant('reset'), fc.nat(13), fc.nat(1200)), {
  maxLength: 40,
});

describe.for(directions)('the %s of levels', (direction) => {
  test('gives as many bytes at each moment as the filtered one', () => {
    fc.assert(
      fc.property(anyOrders, (orders) => {
        expect(lengths(levels[direction](), orders)).toEqual(lengths(standardAudioPath[direction](), orders));
      }),
      { ...propertySettings, numRuns: 300 },
    );
  });

  test('gives the same bytes however the sound is cut, inside a sample too', () => {
    fc.assert(
      fc.property(anySound, anyCuts, (loud, cuts) => {
        // Quiet samples: in a loud one mu-law drops the half that comes first.
        const sound = loud.map((byte, i) => (i % 2 === 0 ? byte : 0));
        const whole = levels[direction]().push(sound);
        const bytesAndNothing = Array.from({ length: 2 * sound.length }, (_, i) => i % 2);
        for (const sizes of [cuts, bytesAndNothing]) {
          expect(firstDifference(pushInPieces(levels[direction](), sound, sizes), whole)).toBe(-1);
        }
      }),
      propertySettings,
    );
  });

  test('forgets a reply that is reset or flushed', () => {
    const whole = levels[direction]().push(noise(600, 3));
    for (const end of ['reset', 'flush'] as const) {
      const resampler = levels[direction]();
      resampler.push(noise(601));
      resampler[end]();
      expect(firstDifference(resampler.push(noise(600, 3)), whole)).toBe(-1);
    }
  });
});

test('the caller is heard sample by sample, each twice', () => {
  const codes = Uint8Array.from({ length: 256 }, (_, code) => code);
  const pcm = levels.callerUpsampler().push(codes);
  const view = new DataView(pcm.buffer);
  const heard = Array.from({ length: pcm.length / 2 }, (_, i) => view.getInt16(2 * i, true));
  const twice = [...codes].flatMap((code) => [mulawCodec.decode[code] ?? 0, mulawCodec.decode[code] ?? 0]);
  expect(firstDifference(heard, twice)).toBe(-1);
});

test('the agent is heard as loud as it speaks', () => {
  const { pcm } = sounds.agent.get('hello') ?? { pcm: noise(6) };
  const downsampler = levels.agentDownsampler();
  const heard = join(downsampler.push(pcm.subarray(0, 4801)), downsampler.push(pcm.subarray(4801)));
  // -20 dBFS, within what mu-law can say.
  expect(meanSquare(heard, mulawCodec)).toBeCloseTo(0.01, 3);
  expect(meanSquare(downsampler.flush(), mulawCodec)).toBe(0);
});

test('three loud frames are a voice, and fifteen soft ones its end', () => {
  const hearing = levels.voiceDetector();
  // −20 dBFS, and some −48.
  const [loud, soft] = [frame(0x20), frame(0x70)];
  const news = [loud, loud, soft, loud, loud, loud, ...Array.from({ length: 14 }, () => soft), loud].map((one) =>
    hearing.push(one, nothing),
  );
  expect(news.flatMap((one, at) => (one === null ? [] : [[at, one]]))).toEqual([[5, 'onset']]);
  expect(hearing.isSpeaking).toBe(true);
  const rest = Array.from({ length: 15 }, () => hearing.push(soft, nothing));
  expect(rest.map((one) => one === 'offset').lastIndexOf(true)).toBe(14);
  expect(hearing.isSpeaking).toBe(false);
});

function lengths(resampler: Resampler, orders: readonly (number | string)[]): number[] {
  return orders.map((order) => {
    if (typeof order === 'number') return resampler.push(noise(order)).length;
    if (order === 'flush') return resampler.flush().length;
    resampler.reset();
    return 0;
  });
}
