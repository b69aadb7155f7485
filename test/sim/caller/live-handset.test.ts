import { expect, test } from 'vitest';
import { silentFrame } from '../../../src/sim/caller/handset.ts';
import { LiveHandset } from '../../../src/sim/caller/live-handset.ts';
import { seededRandom } from '../../../src/sim/seeded-random.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';

test('speech that comes in bursts goes out one frame at a time, none lost and none twice', () => {
  const { handset, next } = aHandset();
  const sent = Array.from({ length: 60 }, (_, index) => frame(index + 1));
  const heard: Uint8Array[] = [];
  // Two at once, then none for a frame: as a browser sends them.
  for (let at = 0; at < sent.length; at += 2) {
    for (const audio of sent.slice(at, at + 2)) handset.speak(audio);
    heard.push(next(), next());
  }
  heard.push(next(), next());

  expect(heard.filter((audio) => audio !== silentFrame)).toEqual(sent);
  expect(handset.tally).toEqual({ taken: 60, dropped: 0, shortened: 0, missing: 0, waiting: 0 });
});

test('when speech stays away there is silence, and it waits for company before it goes on', () => {
  const { handset, next } = aHandset();
  for (const code of [1, 2, 3]) handset.speak(frame(code));
  expect([next(), next(), next(), next()].map(([code]) => code)).toEqual([1, 2, 3, 0xff]);

  handset.speak(frame(4));
  expect(next()).toBe(silentFrame);
  handset.speak(frame(5));
  handset.speak(frame(6));
  expect(next()[0]).toBe(4);
  expect(handset.tally).toMatchObject({ missing: 1, waiting: 2 });
});

test('what waited too long is made up for in pauses, and not in words', () => {
  const { handset, next } = aHandset();
  for (const code of [1, 0xff, 0xff, 2]) handset.speak(frame(code));
  for (let at = 0; at < 10; at += 1) handset.speak(frame(3));

  expect([next(), next(), next()].map(([code]) => code)).toEqual([1, 2, 3]);
  expect(handset.tally).toMatchObject({ shortened: 2, dropped: 0 });
});

test('more than a second of speech does not wait', () => {
  const { handset, next } = aHandset();
  for (let at = 0; at < 60; at += 1) handset.speak(frame(at));

  expect(next()[0]).toBe(10);
  expect(handset.tally).toMatchObject({ dropped: 10, waiting: 49 });
});

test('each key is pressed once, one in a frame', () => {
  const { handset } = aHandset();
  handset.press('1');
  handset.press('#');

  expect([1, 2, 3].map(() => handset.nextFrame().digit)).toEqual(['1', '#', null]);
});

test('a bad line harms both directions, and a good one neither', () => {
  const { handset, heard, next } = aHandset();
  handset.isLineBad = true;
  const spoken = Array.from({ length: 200 }, () => {
    handset.speak(frame(0x20));
    handset.hear(frame(0x20));
    return next();
  });
  expect(untouched(spoken)).toBe(0);
  expect(untouched(heard)).toBe(0);
  // Most of it still comes through.
  expect(spoken.filter((one) => one.some((code) => Math.abs(code - 0x20) < 3)).length).toBeGreaterThan(120);

  handset.isLineBad = false;
  handset.hear(frame(0x20));
  expect(heard.at(-1)).toEqual(frame(0x20));
});

function untouched(audio: readonly Uint8Array[]): number {
  return audio.filter((one) => one.every((code) => code === 0x20)).length;
}

function frame(code: number): Uint8Array {
  return new Uint8Array(160).fill(code);
}

function aHandset() {
  const heard: Uint8Array[] = [];
  const nextRandom = seededRandom(1);
  const handset = new LiveHandset({ codec: mulawCodec, nextRandom, onHeard: (audio) => heard.push(audio) });
  const next = (): Uint8Array => handset.nextFrame().audio ?? silentFrame;
  return { handset, heard, next };
}
