import { expect, test } from 'vitest';
import { SoundBuffer } from '../../src/call/sound-buffer.ts';

/** Sound in which each byte tells where it stands. */
function sound(bytes: number, from = 0): Uint8Array {
  return Uint8Array.from({ length: bytes }, (_, at) => (from + at) % 251);
}

test('what is dropped from the front and added at the end leaves all that is between in order, whatever the pieces', () => {
  const buffer = new SoundBuffer();
  let [from, to] = [0, 0];
  for (let step = 1; step <= 2_000; step += 1) {
    const added = (step * 7_919) % 1_921;
    buffer.push(sound(added, to));
    to += added;
    // It grows to half a minute, and is emptied again.
    const dropped = (step * 104_729) % (step < 1_000 ? 1_500 : 2_600);
    buffer.drop(dropped);
    from = Math.min(to, from + dropped);
    expect(buffer.bytes).toBe(to - from);
    const at = Math.floor(buffer.bytes / 3);
    expect(buffer.copy(at, 321)).toEqual(sound(Math.min(321, buffer.bytes - at), from + at));
  }
  expect(buffer.copy(0, Infinity)).toEqual(sound(to - from, from));
});

test('a copy stays as it is, whatever comes into its place', () => {
  const buffer = new SoundBuffer();
  buffer.push(sound(100));
  const copy = buffer.copy(0, 100);
  buffer.drop(100);
  buffer.push(new Uint8Array(100).fill(255));
  expect(copy).toEqual(sound(100));
});

test('there is nothing beyond the end, nor in an empty one', () => {
  const buffer = new SoundBuffer();
  expect([buffer.view(0, 10).length, buffer.view(7, 10).length]).toEqual([0, 0]);
  buffer.push(sound(5));
  expect([buffer.view(3, 10), buffer.view(5, 10), buffer.view(6, 10)]).toEqual([sound(2, 3), sound(0), sound(0)]);
  buffer.drop(9);
  expect(buffer.bytes).toBe(0);
});

test('sound that goes through it takes no memory but its blocks, which are used again', () => {
  const buffer = new SoundBuffer();
  const blocks = new Set<ArrayBufferLike>();
  for (let chunk = 0; chunk < 1_000; chunk += 1) {
    buffer.push(sound(1_600));
    blocks.add(buffer.view(buffer.bytes - 1, 1).buffer);
    if (chunk % 10 === 9) buffer.drop(16_000);
  }
  expect(blocks.size).toBeLessThanOrEqual(3);
});
