import { expect, test } from 'vitest';
import type { GateNews } from '../../../src/audio/speech-gate.ts';
import { CallerGate } from '../../../src/call/caller/caller-gate.ts';
import { CallerEar } from '../../../src/call/turns/caller-ear.ts';
import { levelAudioPath } from '../../../src/sim/world/level-audio-path.ts';
import { shippedComfortSounds } from '../../../src/sounds/comfort-sounds.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';

/** Noise is as loud as speech for the gate, and no voice for an ear that goes by level. */
const codes = { speech: 0x20, noise: 0xe9, silence: 0xff };

class GateScene {
  readonly #ear = new CallerEar(
    levelAudioPath(mulawCodec, shippedComfortSounds).voiceDetector(),
    () => new Uint8Array(),
  );
  readonly gate = new CallerGate(mulawCodec, this.#ear);

  /** Hears so much of it, in frames of 20 ms. Returns what the gate told. */
  hears(ms: number, kind: keyof typeof codes): GateNews[] {
    const frame = new Uint8Array(160).fill(codes[kind]);
    return Array.from({ length: ms / 20 }, () => {
      this.#ear.hear(frame);
      return this.gate.push(frame, this.gate.isSpeech(frame));
    }).filter((news) => news !== null);
  }
}

test('in noise the ear tells when the caller stops, and how long that was; level tells it again once the line is quiet', () => {
  const scene = new GateScene();
  expect(scene.hears(3_000, 'noise')).toEqual(['began']);
  expect(scene.hears(800, 'speech')).toEqual([]);
  expect([scene.hears(1_000, 'noise'), scene.gate.isOpen, scene.gate.isNoise]).toEqual([['ended'], false, true]);
  expect(scene.gate.openMs).toBeGreaterThanOrEqual(740);
  expect(scene.gate.openMs).toBeLessThanOrEqual(1_100);
  expect(scene.hears(1_000, 'silence')).toEqual([]);
  expect([scene.hears(300, 'speech'), scene.gate.openMs]).toEqual([['began'], 300]);
});

// A knock came within 300 ms of the caller's last word. The caller counted as one who speaks from then on, because the latest sound of a voice
// was no word, and so no answer was expected. In noise that never pauses, that lasted until the next words.
test('in noise a sound that is less than a word does not hide that the caller has stopped', () => {
  const scene = new GateScene();
  scene.hears(1_000, 'noise');
  scene.hears(800, 'speech');
  scene.hears(400, 'noise');
  expect(scene.hears(100, 'speech')).toEqual([]);
  expect(scene.hears(1_000, 'noise')).toEqual(['ended']);
  expect(scene.gate.openMs).toBeGreaterThanOrEqual(740);
  expect([scene.hears(100, 'speech'), scene.gate.isOpen]).toEqual([[], false]);
  scene.hears(1_000, 'noise');
  expect(scene.hears(200, 'speech')).toEqual(['began']);
});

test('a stretch that is not to count does not open it', () => {
  const scene = new GateScene();
  scene.hears(140, 'speech');
  scene.gate.restart();
  expect([scene.hears(140, 'speech'), scene.gate.speechMs]).toEqual([[], 140]);
  expect(scene.hears(20, 'speech')).toEqual(['began']);
});
