import { expect, test } from 'vitest';
import { CallerLane } from '../../../src/calllog/timeline/caller-lane.ts';

const frame = new Uint8Array(160).fill(0x80);
const bytesPerMs = 8;

test('frames that come in bunches stand where they were spoken', () => {
  const lane = new CallerLane(60_000);
  lane.streamStarted();
  lane.arrived(frame, 100, 1_020);
  // Two that were held up come with the third.
  for (const timestampMs of [120, 140, 160]) lane.arrived(frame, timestampMs, 1_090);
  expect(loudSpans(lane.sound)).toEqual([[1_000, 1_080]]);
});

test('each stream counts from its own start, and so does a clock that jumps', () => {
  const lane = new CallerLane(60_000);
  lane.streamStarted();
  lane.arrived(frame, 0, 1_020);
  lane.streamStarted();
  lane.arrived(frame, 0, 3_020);
  lane.arrived(frame, 900_000, 4_020);
  lane.arrived(frame, 900_020, 4_040);
  expect(loudSpans(lane.sound)).toEqual([
    [1_000, 1_020],
    [3_000, 3_020],
    [4_000, 4_040],
  ]);
});

/** Where a lane is not silent, in ms. */
function loudSpans(sound: Uint8Array): number[][] {
  const spans: number[][] = [];
  for (const [at, code] of sound.entries()) {
    if (code === 0xff) continue;
    const last = spans.at(-1);
    if (last?.[1] === at / bytesPerMs) last[1] = (at + 1) / bytesPerMs;
    else spans.push([at / bytesPerMs, (at + 1) / bytesPerMs]);
  }
  return spans;
}
