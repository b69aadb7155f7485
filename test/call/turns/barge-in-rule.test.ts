import { describe, expect, test } from 'vitest';
import {
  judgeOverlap,
  type CallerOverlap,
  usualBargeIn,
  type VoiceFigures,
} from '../../../src/call/turns/barge-in-rule.ts';

const { holdMs, yieldMs, wordMs, waitMs, earlierMs, falseHoldsMax, waryMs } = usualBargeIn;
const { voicedShareMin, periodicityMin, articulationMin, wordArticulation, movementMin } = usualBargeIn;
const { sureMs, sureVoicedShare, pausedArticulation, pausedMovement, pausesMs } = usualBargeIn;
const { longMs, longMovement, longArticulation, consonantShareMax } = usualBargeIn;

const speaking: CallerOverlap = {
  voicedMs: 0,
  latestMs: 0,
  sinceOnsetMs: 0,
  sinceVoiceMs: 0,
  isSpeaking: true,
  sinceOffsetMs: 0,
  voicedShare: 1,
  periodicity: 0.8,
  articulation: 2,
  changeDb: 4,
  latest: { voicedShare: 1, periodicity: 0.8, articulation: 2, changeDb: 4 },
  isEarlier: false,
  falseHolds: 0,
};
const over: CallerOverlap = { ...speaking, isSpeaking: false };

/** So much voice in one utterance without a pause. */
function voice(voicedMs: number): CallerOverlap {
  return { ...speaking, voicedMs, latestMs: voicedMs, sinceOnsetMs: voicedMs };
}

function verdict(overlap: CallerOverlap): string {
  const { what, why } = judgeOverlap(overlap, usualBargeIn);
  return `${what}: ${why}`;
}

describe('a caller who speaks over the agent', () => {
  test.for<readonly [number, string]>([
    [0, 'wait: voice'],
    [holdMs - 20, 'wait: voice'],
    [holdMs, 'hold: voice'],
    [yieldMs - 20, 'hold: voice'],
    [yieldMs, 'yield: speech'],
  ])('after %i ms of voice: %s', ([voicedMs, expected]) => {
    expect(verdict(voice(voicedMs))).toBe(expected);
  });

  test('and only hums, never stops it', () => {
    const humming = { ...voice(yieldMs), articulation: articulationMin - 0.01 };
    expect(verdict(humming)).toBe('hold: voice');
    expect(verdict({ ...humming, articulation: articulationMin })).toBe('yield: speech');
  });

  test('has to move fast as well, in sum with how much', () => {
    const slow = { ...voice(yieldMs), articulation: 1, changeDb: movementMin - 1.01 };
    expect(verdict(slow)).toBe('hold: voice');
    expect(verdict({ ...slow, changeDb: movementMin - 1 })).toBe('yield: speech');
    expect(verdict({ ...slow, articulation: 1.01 })).toBe('yield: speech');
  });

  test('need not move as fast after a while', () => {
    const long = { ...voice(longMs), articulation: 1, changeDb: longMovement - 1 };
    expect(verdict(long)).toBe('yield: speech');
    expect(verdict({ ...long, changeDb: longMovement - 1.01 })).toBe('hold: voice');
    expect(verdict({ ...long, voicedMs: longMs - 20 })).toBe('hold: voice');
    expect(verdict({ ...long, articulation: articulationMin - 0.01, changeDb: longMovement })).toBe('hold: voice');
  });

  test('is none where much of it has no pitch', () => {
    const hoarse = { ...voice(yieldMs), periodicity: periodicityMin - 0.01 };
    expect(verdict(hoarse)).toBe('hold: voice');
    expect(verdict({ ...hoarse, periodicity: periodicityMin })).toBe('yield: speech');
    expect(verdict({ ...hoarse, voicedMs: sureMs, latestMs: sureMs })).toBe('yield: speech');
    const hissing = { ...voice(yieldMs), voicedShare: voicedShareMin - 0.01 };
    expect(verdict(hissing)).toBe('hold: voice');
    expect(verdict({ ...hissing, voicedShare: voicedShareMin })).toBe('yield: speech');
    // Coughs are over by then.
    expect(verdict({ ...voice(sureMs), voicedShare: sureVoicedShare })).toBe('yield: speech');
    expect(verdict({ ...voice(sureMs), voicedShare: sureVoicedShare - 0.01 })).toBe('hold: voice');
    expect(verdict({ ...voice(sureMs - 20), voicedShare: sureVoicedShare })).toBe('hold: voice');
    // Several of them are coughs all the same.
    expect(verdict({ ...voice(sureMs), latestMs: sureMs - 20, voicedShare: sureVoicedShare })).toBe('hold: voice');
  });

  test.for<readonly [number, string]>([
    [earlierMs - 20, 'wait: voice'],
    [earlierMs, 'yield: speech'],
  ])('and did so long before, after %i ms: %s', ([voicedMs, expected]) => {
    expect(verdict({ ...voice(voicedMs), isEarlier: true })).toBe(expected);
  });

  test.for<readonly [number, string]>([
    [holdMs + waryMs - 20, 'wait: voice'],
    [holdMs + waryMs, 'hold: voice'],
    [yieldMs + waryMs - 20, 'hold: voice'],
    [yieldMs + waryMs, 'yield: speech'],
  ])('after several holds for nothing, after %i ms: %s', ([voicedMs, expected]) => {
    expect(verdict({ ...voice(voicedMs), falseHolds: falseHoldsMax })).toBe(expected);
    expect(verdict({ ...voice(voicedMs - waryMs), falseHolds: falseHoldsMax - 1 })).toBe(expected);
  });
});

describe('a caller whose words have pauses', () => {
  const paused = {
    ...voice(sureMs),
    sinceOnsetMs: sureMs + pausesMs,
    articulation: pausedArticulation,
    changeDb: movementMin,
  };

  test('need not move as much once enough was heard', () => {
    expect(verdict(paused)).toBe('yield: speech');
    expect(verdict({ ...paused, voicedMs: sureMs - 20 })).toBe('hold: voice');
    expect(verdict({ ...paused, sinceOnsetMs: paused.sinceOnsetMs - 20 })).toBe('hold: voice');
    expect(verdict({ ...paused, articulation: pausedArticulation - 0.01 })).toBe('hold: voice');
    const slow = { ...paused, articulation: 1, changeDb: pausedMovement - 1 };
    expect(verdict(slow)).toBe('yield: speech');
    expect(verdict({ ...slow, changeDb: pausedMovement - 1.01 })).toBe('hold: voice');
    expect(verdict({ ...slow, sinceOnsetMs: paused.sinceOnsetMs - 20 })).toBe('hold: voice');
  });

  test('has not paused by having stopped', () => {
    const hum = { ...voice(sureMs), articulation: pausedArticulation, changeDb: movementMin };
    expect(verdict({ ...hum, sinceVoiceMs: 200, sinceOnsetMs: sureMs + 200 })).toBe('hold: voice');
  });

  test('is held by the latest utterance alone, and stops the agent by all of them', () => {
    expect(verdict({ ...speaking, voicedMs: yieldMs - 20, latestMs: holdMs - 20 })).toBe('wait: voice');
    expect(verdict({ ...speaking, voicedMs: yieldMs, latestMs: 20 })).toBe('yield: speech');
  });

  test('says words behind a long hum at once, where they are clear', () => {
    const behind = { ...voice(longMs), latestMs: yieldMs, articulation: 0.3 };
    const latest = { ...behind.latest, articulation: longArticulation, voicedShare: consonantShareMax };
    const clear = (other: Partial<VoiceFigures> = {}) => ({ ...behind, latest: { ...latest, ...other } });
    expect(verdict(clear())).toBe('yield: speech');
    expect(verdict({ ...clear(), latestMs: yieldMs - 20 })).toBe('hold: voice');
    expect(verdict(clear({ articulation: longArticulation - 0.01 }))).toBe('hold: voice');
    expect(verdict(clear({ voicedShare: consonantShareMax + 0.01 }))).toBe('hold: voice');
    expect(verdict(clear({ voicedShare: voicedShareMin - 0.01 }))).toBe('hold: voice');
    expect(verdict(clear({ periodicity: periodicityMin - 0.01 }))).toBe('hold: voice');
    expect(verdict(clear({ articulation: 1, changeDb: movementMin - 1 }))).toBe('yield: speech');
    expect(verdict(clear({ articulation: 1, changeDb: movementMin - 1.01 }))).toBe('hold: voice');
  });

  test('who spoke before does not count', () => {
    expect(verdict({ ...paused, isEarlier: true })).toBe('wait: voice');
  });
});

describe('a caller who has stopped', () => {
  test('said no word in so little voice', () => {
    expect(verdict({ ...over, voicedMs: wordMs - 20, sinceOffsetMs: 0 })).toBe('goOn: noise');
  });

  test('spoke already before the agent did, and said no more over it', () => {
    expect(verdict({ ...over, voicedMs: wordMs, isEarlier: true })).toBe('goOn: noise');
  });

  test('said no word where much of it had no pitch', () => {
    expect(verdict({ ...over, voicedMs: wordMs, voicedShare: voicedShareMin - 0.01 })).toBe('goOn: noise');
  });

  test('said no more than a hum', () => {
    const hum = {
      ...over,
      voicedMs: wordMs,
      articulation: wordArticulation - 0.01,
      changeDb: 1,
      sinceOffsetMs: waitMs,
    };
    expect(verdict(hum)).toBe('goOn: hum');
    expect(verdict({ ...hum, articulation: wordArticulation })).toBe('yield: word');
    expect(verdict({ ...hum, voicedMs: longMs, articulation: longArticulation - 0.01 })).toBe('goOn: hum');
  });

  test('waits after a word', () => {
    const word = { ...over, voicedMs: wordMs };
    expect(verdict({ ...word, sinceOffsetMs: waitMs - 20 })).toBe('wait: voice');
    expect(verdict({ ...word, sinceOffsetMs: waitMs })).toBe('yield: word');
  });
});
