import { expect, test } from 'vitest';
import { NoiseFloors } from '../../../src/audio/voice/noise-floors.ts';

const follow = (noise: NoiseFloors, frames: number, levelDb: (frame: number) => number): void => {
  for (let frame = 0; frame < frames; frame++) noise.follow(0, levelDb(frame));
};

test('the first sound is noise until something softer comes', () => {
  const noise = new NoiseFloors(1);
  noise.follow(0, -30);
  expect(noise.levelDb(0)).toBe(-30);
  follow(noise, 50, () => -55);
  expect(noise.levelDb(0)).toBeLessThan(-44);
});

test('the floor stays low under speech, which pauses', () => {
  const noise = new NoiseFloors(1);
  follow(noise, 50, () => -60);
  // Half a second of speech, 0.2 s of pause, and so on.
  follow(noise, 250, (frame) => (frame % 35 < 25 ? -20 : -60));
  expect(noise.levelDb(0)).toBeLessThan(-52);
});

test('steady noise becomes the floor within three seconds, however loud', () => {
  const noise = new NoiseFloors(1);
  follow(noise, 50, () => -60);
  follow(noise, 150, (frame) => -10 + (frame % 3));
  expect(noise.levelDb(0)).toBeGreaterThan(-13);
});

test('how much noise varies is learned from it, and not from speech', () => {
  const noise = new NoiseFloors(1);
  follow(noise, 300, (frame) => (frame % 2 === 0 ? -42 : -38));
  expect(noise.spreadDb(0)).toBeCloseTo(2, 1);
  follow(noise, 20, () => -15);
  expect(noise.spreadDb(0)).toBeCloseTo(2, 1);
});

test('the floor fades while the line is silent, and begins with the first sound of a line that was', () => {
  const noise = new NoiseFloors(1);
  for (let frame = 0; frame < 50; frame++) noise.fade();
  noise.follow(0, -30);
  expect(noise.levelDb(0)).toBe(-30);
  for (let frame = 0; frame < 50; frame++) noise.fade();
  expect(noise.levelDb(0)).toBeCloseTo(-50, 5);
  for (let frame = 0; frame < 100; frame++) noise.fade();
  expect(noise.levelDb(0)).toBe(-66);
  // A moment of silence does not make street noise a voice.
  follow(noise, 150, () => -30);
  for (let frame = 0; frame < 10; frame++) noise.fade();
  expect(-30 - noise.levelDb(0)).toBeLessThan(5);
});

test('noises that are kept together do not mix', () => {
  const noise = new NoiseFloors(3);
  const alone = [-60, -40, -20].map((levelDb) => {
    const floors = new NoiseFloors(1);
    follow(floors, 100, (frame) => levelDb + (frame % 5));
    return [floors.levelDb(0), floors.spreadDb(0)];
  });
  for (let frame = 0; frame < 100; frame++)
    for (const [floor, levelDb] of [-60, -40, -20].entries()) noise.follow(floor, levelDb + (frame % 5));
  expect([0, 1, 2].map((floor) => [noise.levelDb(floor), noise.spreadDb(floor)])).toEqual(alone);
});
