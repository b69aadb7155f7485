import { expect, test } from 'vitest';
import { HeardLane } from '../../../src/calllog/timeline/heard-lane.ts';

const bytesPerMs = 8;

test('chunks are played without a gap, later than sent by what the first mark tells', () => {
  const lane = new HeardLane(10_000);
  lane.sent(sound(100), true, 1_000);
  lane.markSent('g1.1');
  lane.sent(sound(100), true, 1_010);
  lane.markSent('g1.2');
  lane.marked('g1.1', 1_150);
  // It comes early by 10 ms: what the network does with marks moves no sound.
  lane.marked('g1.2', 1_240);
  lane.end();
  expect(spanOf(lane.heard)).toEqual([1_050, 1_250]);
  expect(lane.takeSpoken()).toEqual({ fromMs: 1_050, toMs: 1_250 });
  expect(lane.takeSpoken()).toBeNull();
});

test('a clear cuts what plays, and what waited would have been heard where it stands', () => {
  const lane = new HeardLane(10_000);
  for (const [at, name] of ['g1.1', 'g1.2', 'g1.3'].entries()) {
    lane.sent(sound(200), true, 1_000 + at);
    lane.markSent(name);
  }
  lane.marked('g1.1', 1_200);
  lane.cut(1_250, 'us');
  lane.sent(sound(50), false, 2_000);
  lane.end();
  expect(spanOf(lane.cleared)).toEqual([1_250, 1_600]);
  expect(lane.tallyMs).toEqual({ heard: 300, cleared: 350 });
  // A comfort sound is none of the agent's words.
  expect(lane.takeSpoken()).toEqual({ fromMs: 1_000, toMs: 1_250 });
  expect(spanOf(lane.heard)).toEqual([1_000, 2_050]);
});

test('a clear takes as long as a mark takes to come back, and the end of a stream is told when it is over', () => {
  for (const [by, heard] of [
    ['us', 300],
    ['line', 200],
  ] as const) {
    const lane = new HeardLane(10_000);
    for (const name of ['g1.1', 'g1.2']) {
      lane.sent(sound(200), true, 1_000);
      lane.markSent(name);
    }
    lane.marked('g1.1', 1_300);
    lane.cut(1_300, by);
    expect(lane.tallyMs).toEqual({ heard, cleared: 400 - heard });
    // No mark of this one has come back: its way is as long.
    lane.sent(sound(200), true, 2_000);
    lane.cut(2_150, by);
    expect(lane.tallyMs.heard).toBe(heard + (by === 'us' ? 150 : 50));
  }
});

test('after silence a chunk is heard when it comes, and lost marks delay nothing', () => {
  const lane = new HeardLane(10_000);
  lane.sent(sound(100), true, 1_000);
  lane.markSent('g1.1');
  lane.sent(sound(100), true, 3_000);
  lane.markSent('g1.2');
  lane.marked('g1.1', 9_000);
  lane.marked('unknown', 9_000);
  lane.end();
  expect(spanOf(lane.heard)).toEqual([1_000, 3_100]);
});

test('sound beyond the end of the time axis is left out', () => {
  const lane = new HeardLane(1_000);
  lane.sent(sound(400), true, 800);
  lane.sent(sound(400), true, 1e12);
  lane.end();
  expect(spanOf(lane.heard)).toEqual([800, 1_000]);
});

function sound(ms: number): Uint8Array {
  return new Uint8Array(ms * bytesPerMs).fill(0x80);
}

/** From the first sample that is not silent to the last, in ms. */
function spanOf(lane: Uint8Array): number[] {
  return [lane.indexOf(0x80) / bytesPerMs, (lane.lastIndexOf(0x80) + 1) / bytesPerMs];
}
