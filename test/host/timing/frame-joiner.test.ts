import { describe, expect, test } from 'vitest';
import type { StreamSound } from '../../../src/call/caller/joined-frames.ts';
import { FrameJoiner } from '../../../src/host/timing/frame-joiner.ts';

/** A joiner, what it has passed on, and how one says that all was handled that was read together. */
function bench() {
  const passed: StreamSound[] = [];
  const soon: (() => void)[] = [];
  const joiner = new FrameJoiner({ soon: (fire) => void soon.push(fire) }, (one) => void passed.push(one));
  return {
    joiner,
    soon,
    wasRead: () => {
      for (const fire of soon.splice(0)) fire();
    },
    get passed() {
      return passed.map(({ sequence, timestampMs, audio }) => [sequence, timestampMs, audio.length / 8]);
    },
    get codes() {
      return passed.flatMap(({ audio }) => [...audio]);
    },
  };
}

function frame(sequence: number, timestampMs = 20 * sequence, bytes = 160): StreamSound {
  return { type: 'stream.media', sequence, timestampMs, audio: new Uint8Array(bytes).fill(sequence) };
}

describe('frames of the caller', () => {
  test('that were read together are joined to 40 ms, each byte in its place', () => {
    const read = bench();
    for (const sequence of [1, 2, 3, 4, 5]) read.joiner.add(frame(sequence));
    read.wasRead();
    expect(read.passed).toEqual([
      [1, 20, 40],
      [3, 60, 40],
      [5, 100, 20],
    ]);
    expect(read.codes).toEqual([1, 2, 3, 4, 5].flatMap((code) => Array.from({ length: 160 }, () => code)));
  });

  test('that were read alone are passed on alone', () => {
    const read = bench();
    for (const sequence of [1, 2, 3]) {
      read.joiner.add(frame(sequence));
      expect(read.soon).toHaveLength(1);
      read.wasRead();
    }
    expect(read.passed.map(([, , ms]) => ms)).toEqual([20, 20, 20]);
  });

  test('are not joined over a gap, nor when the clock of the stream was reset', () => {
    const read = bench();
    for (const timestampMs of [20, 60, 82, 22]) read.joiner.add(frame(1, timestampMs));
    read.wasRead();
    expect(read.passed).toEqual([
      [1, 20, 20],
      [1, 60, 40],
      [1, 22, 20],
    ]);
  });

  test('that are long are left as they are', () => {
    const read = bench();
    for (const bytes of [800, 160, 160, 161]) read.joiner.add(frame(1, read.passed.length * 1_000, bytes));
    read.wasRead();
    expect(read.passed.map(([, , ms]) => Number(ms) * 8)).toEqual([800, 160, 160, 161]);
  });

  test('go before whatever else happens', () => {
    const read = bench();
    read.joiner.add(frame(1));
    read.joiner.flush();
    expect(read.passed).toHaveLength(1);
    read.joiner.add(frame(2));
    read.wasRead();
    read.wasRead();
    expect(read.passed.map(([sequence]) => sequence)).toEqual([1, 2]);
  });
});
