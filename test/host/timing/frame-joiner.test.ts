import { describe, expect, test } from 'vitest';
import type { StreamSound } from '../../../src/call/caller/joined-frames.ts';
import { EqualWaits } from '../../../src/host/timing/equal-waits.ts';
import { FrameJoiner, pairMs } from '../../../src/host/timing/frame-joiner.ts';
import { VirtualClock } from '../../../src/sim/driver/virtual-clock.ts';
import { passTime } from '../../virtual-time.ts';

/** A joiner, what it has passed on, and how one says that all was handled that was read together. */
function bench(isBusy = false) {
  const passed: StreamSound[] = [];
  const clock = new VirtualClock(0);
  const busyness = { isBusy };
  const joiner = new FrameJoiner(clock, new EqualWaits(clock, pairMs), busyness, (one) => void passed.push(one));
  return {
    joiner,
    busyness,
    clock,
    wasRead: () => clock.wasRead(),
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
      read.wasRead();
      expect(read.passed).toHaveLength(sequence);
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

  test('that come one by one are joined while the process is busy', () => {
    const read = bench(true);
    for (const sequence of [1, 2, 3]) {
      read.joiner.add(frame(sequence));
      read.wasRead();
    }
    expect(read.passed).toEqual([[1, 20, 40]]);
    read.busyness.isBusy = false;
    read.joiner.add(frame(4));
    read.wasRead();
    expect(read.passed).toEqual([
      [1, 20, 40],
      [3, 60, 40],
    ]);
  });

  test('wait no longer than 30 ms for each other', () => {
    const read = bench(true);
    read.joiner.add(frame(1));
    read.wasRead();
    passTime(read.clock, 29);
    expect(read.passed).toEqual([]);
    passTime(read.clock, 1);
    expect(read.passed).toEqual([[1, 20, 20]]);
    read.joiner.add(frame(3));
    read.joiner.add(frame(4));
    read.wasRead();
    read.joiner.add(frame(5));
    read.wasRead();
    passTime(read.clock, 29);
    expect(read.passed).toHaveLength(2);
    passTime(read.clock, 1);
    expect(read.passed).toHaveLength(3);
  });

  test('that are long wait for nobody', () => {
    const read = bench(true);
    read.joiner.add(frame(1, 20, 161));
    read.wasRead();
    expect(read.passed).toHaveLength(1);
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
