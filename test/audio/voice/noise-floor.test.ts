import { expect, test } from 'vitest';
import { NoiseFloor } from '../../../src/audio/voice/noise-floor.ts';

const follow = (floor: NoiseFloor, frames: number, levelDb: (frame: number) => number): void => {
  for (let frame = 0; frame < frames; frame++) floor.follow(levelDb(frame));
};

test('the first sound is noise until something softer comes', () => {
  const floor = new NoiseFloor();
  floor.follow(-30);
  expect(floor.levelDb).toBe(-30);
  follow(floor, 50, () => -55);
  expect(floor.levelDb).toBeLessThan(-44);
});

test('the floor stays low under speech, which pauses', () => {
  const floor = new NoiseFloor();
  follow(floor, 50, () => -60);
  // Half a second of speech, 0.2 s of pause, and so on.
  follow(floor, 250, (frame) => (frame % 35 < 25 ? -20 : -60));
  expect(floor.levelDb).toBeLessThan(-52);
});

test('steady noise becomes the floor within three seconds, however loud', () => {
  const floor = new NoiseFloor();
  follow(floor, 50, () => -60);
  follow(floor, 150, (frame) => -10 + (frame % 3));
  expect(floor.levelDb).toBeGreaterThan(-13);
});

test('how much noise varies is learned from it, and not from speech', () => {
  const floor = new NoiseFloor();
  follow(floor, 300, (frame) => (frame % 2 === 0 ? -42 : -38));
  expect(floor.spreadDb).toBeCloseTo(2, 1);
  follow(floor, 20, () => -15);
  expect(floor.spreadDb).toBeCloseTo(2, 1);
});

test('the floor fades while the line is silent, and begins with the first sound of a line that was', () => {
  const floor = new NoiseFloor();
  for (let frame = 0; frame < 50; frame++) floor.fade();
  floor.follow(-30);
  expect(floor.levelDb).toBe(-30);
  for (let frame = 0; frame < 50; frame++) floor.fade();
  expect(floor.levelDb).toBeCloseTo(-50, 5);
  for (let frame = 0; frame < 100; frame++) floor.fade();
  expect(floor.levelDb).toBe(-66);
  // A moment of silence does not make street noise a voice.
  follow(floor, 150, () => -30);
  for (let frame = 0; frame < 10; frame++) floor.fade();
  expect(floor.excessDb(-30)).toBeLessThan(5);
});
