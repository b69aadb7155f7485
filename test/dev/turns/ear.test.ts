import { expect, test } from 'vitest';
import {
  earFrameMs,
  type EarLog,
  firstStop,
  longestSilence,
  tickStops,
  tickYieldTime,
  yieldTime,
} from '../../../dev/turns/score/ear.ts';

/** What was heard, as stretches of ms by turns: words, silence, words, ... */
function ear(...stretchesMs: readonly number[]): EarLog {
  return stretchesMs.flatMap((ms, at) => Array.from({ length: ms / earFrameMs }, () => at % 2 === 0));
}

test('the agent yields when it is silent for 200 ms, and the time counts from the onset to the first silent frame', () => {
  // The caller begins at 1000 ms; the agent stops at 1460 ms.
  expect(yieldTime(ear(1_460, 3_000), 1_000)).toBe(460);
});

test('a gap of 180 ms is no yield, and one of 200 ms is', () => {
  expect(yieldTime(ear(1_400, 180, 4_000), 1_000)).toBeNull();
  expect(yieldTime(ear(1_400, 200, 4_000), 1_000)).toBe(400);
});

test('silence that begins 2 s after the onset comes too late, and silence before it does not count', () => {
  expect(yieldTime(ear(2_980, 1_000), 1_000)).toBe(1_980);
  expect(yieldTime(ear(3_000, 1_000), 1_000)).toBeNull();
  expect(yieldTime(ear(500, 400, 4_000), 1_000)).toBeNull();
});

test('an agent that stops a moment before the onset has not stopped for it', () => {
  // Silent from 980 ms on, and so at the onset: nothing begins in the window.
  expect(yieldTime(ear(980, 1_000), 1_000)).toBeNull();
});

test('a yield by ticks is the first whole tick of 200 ms without the agent, counted from the tick of the onset', () => {
  // Ticks begin at 0, 200, 400 ... The onset at 1090 ms lies in the one that begins at 1000 ms.
  // The agent stops at 1460 ms: the tick from 1400 ms still has words, the one from 1600 ms has none.
  expect(tickYieldTime(ear(1_460, 3_000), 1_090)).toBe(600);
  // Silence of 380 ms that fills no tick is none by ticks.
  expect(tickYieldTime(ear(1_420, 360, 4_000), 1_090)).toBeNull();
  expect(yieldTime(ear(1_420, 360, 4_000), 1_090)).toBe(330);
});

test('a yield by ticks has to come within ten ticks, a stop within five', () => {
  // The onset is at 1000 ms: ticks 5 to 14 count for a yield, 5 to 9 for a stop.
  expect(tickYieldTime(ear(2_800, 1_000), 1_000)).toBe(1_800);
  expect(tickYieldTime(ear(3_000, 1_000), 1_000)).toBeNull();
  expect(tickStops(ear(1_800, 1_000), 1_000)).toBe(true);
  expect(tickStops(ear(2_000, 1_000), 1_000)).toBe(false);
});

test('a tick that the call cuts short is not one of silence', () => {
  expect(tickYieldTime(ear(1_400, 180), 1_000)).toBeNull();
});

test('a stop is a stop, resumed or not, and the first one counts', () => {
  expect(firstStop(ear(1_000, 220, 1_000, 600, 2_000), 900, 4_000)).toEqual({ atMs: 1_000, forMs: 220 });
  expect(firstStop(ear(1_000, 100, 1_000, 600, 2_000), 900, 4_000)).toEqual({ atMs: 2_100, forMs: 600 });
  expect(firstStop(ear(1_000, 100, 1_000, 600, 2_000), 900, 2_100)).toBeNull();
});

test('the longest silence is endless when the agent is not heard again', () => {
  expect(longestSilence(ear(1_000, 220, 1_000, 480, 2_000), 900, 4_000)).toBe(480);
  expect(longestSilence(ear(1_000, 220, 1_000, 480), 900, 4_000)).toBe(Infinity);
  expect(longestSilence(ear(4_000), 900, 3_000)).toBe(0);
});
