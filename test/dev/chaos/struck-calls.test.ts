import { expect, test } from 'vitest';
import { type Fate, longestQuiet, struckCalls } from '../../../dev/chaos/judge/struck-calls.ts';
import type { SeenCall, SeenSession } from '../../../dev/chaos/judge/round-facts.ts';
import { callFacts, killed, roundFacts, sessionFacts, stretch } from './round-facts.ts';

/** A call whose stream breaks at 10 s and that has another one a second later, on which the agent is heard after another half. */
const moved = {
  streams: [stretch(0, 10), stretch(11, null)],
  sounds: [stretch(1, 2), stretch(9, 9.8), stretch(11.5, 12)],
};

const before = sessionFacts(0, { toldMs: 4_000, wasAskedToGreet: true });
const after = sessionFacts(11, { known: [1_001] });

function fateOf(call: Partial<SeenCall>, sessions: readonly SeenSession[]) {
  return struckCalls(roundFacts({ calls: [callFacts(call)], sessions }), killed);
}

test('a call goes on when the agent is heard on another stream and its session knows what was said', () => {
  expect(fateOf(moved, [before, after])).toEqual([{ callSid: 'CA1', fate: 'wentOn', silenceMs: 1_500 }]);
});

test('silence begins with the fault, or with the end of what was still to be heard', () => {
  const heardOn = { ...moved, sounds: [stretch(9, 10.7), stretch(11.5, 12)] };
  expect(fateOf(heardOn, [before, after])).toMatchObject([{ silenceMs: 800 }]);
});

test.for<[Fate, Partial<SeenCall>, readonly SeenSession[]]>([
  ['forgotten', moved, [before, sessionFacts(11, {})]],
  ['forgotten', moved, [before, sessionFacts(11, { conversation: 1_002, known: [1_002] })]],
  ['greetedAgain', moved, [before, { ...after, wasAskedToGreet: true }]],
  ['silent', { ...moved, sounds: [stretch(9, 9.8)] }, [before, after]],
  ['silent', moved, [before, { ...after, spokeMs: null }]],
  ['silent', { streams: [stretch(0, 10)] }, [before]],
  ['silent', { streams: [stretch(0, 10)], endedMs: 19_000, endReason: 'callerHungUp' }, [before]],
  ['left', { streams: [stretch(0, 10)], endedMs: 11_000, endReason: 'callerHungUp' }, [before]],
  ['cutOff', { streams: [stretch(0, 10)], endedMs: 11_000, endReason: 'applicationError' }, [before]],
  ['cutOff', { ...moved, apologisedMs: 14_000 }, [before, after]],
  ['stayed', { sounds: [stretch(9, 13)] }, [before]],
])('a call is %s', ([fate, call, sessions]) => {
  expect(fateOf(call, sessions)).toMatchObject([{ fate }]);
});

test('what the caller has just said may be lost, and a caller who has heard nothing yet is greeted', () => {
  const justTold = sessionFacts(0, { toldMs: 9_500 });
  expect(fateOf(moved, [justTold, sessionFacts(11, {})])).toMatchObject([{ fate: 'wentOn' }]);
  const ringing = sessionFacts(9, { spokeMs: 9_900 });
  expect(fateOf(moved, [ringing, sessionFacts(11, { wasAskedToGreet: true })])).toMatchObject([{ fate: 'wentOn' }]);
});

test('only calls count that the process had at that moment', () => {
  const taken = [
    { callSid: 'CA1', instance: 'a', atMs: 0 },
    { callSid: 'CA1', instance: 'b', atMs: 5_000 },
  ];
  expect(struckCalls(roundFacts({ taken }), killed)).toEqual([]);
  const over = callFacts({ streams: [stretch(0, 9)], endedMs: 9_000, endReason: 'callerHungUp' });
  expect(struckCalls(roundFacts({ calls: [over] }), killed)).toEqual([]);
});

test('the longest silence is between two sounds, or before the first and after the last', () => {
  const call = callFacts({ sounds: [stretch(2, 3), stretch(7, 8)] });
  expect(longestQuiet(call, 0, 9_000)).toBe(4_000);
  expect(longestQuiet(call, 2_500, 20_000)).toBe(12_000);
  expect(longestQuiet(call, 4_000, 6_000)).toBe(2_000);
});
