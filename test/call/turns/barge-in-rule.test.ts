import { describe, expect, test } from 'vitest';
import { judgeOverlap, type CallerOverlap, usualBargeIn } from '../../../src/call/turns/barge-in-rule.ts';

const { holdMs, yieldMs, lastsMs, pieceMs, gapMs, wordMs, waitMs, earlierMs, falseHoldsMax, waryMs } = usualBargeIn;
const { voicedShareMin, articulationMin, wordArticulation, sureMs, sureArticulation, longMs, longArticulation } =
  usualBargeIn;

const speaking: CallerOverlap = {
  voicedMs: 0,
  sinceOnsetMs: 0,
  sinceVoiceMs: 0,
  isSpeaking: true,
  sinceOffsetMs: 0,
  voicedShare: 1,
  articulation: 2,
  isEarlier: false,
  falseHolds: 0,
};
const over: CallerOverlap = { ...speaking, isSpeaking: false };

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
    expect(verdict({ ...speaking, voicedMs })).toBe(expected);
  });

  test('and only hums, never stops it', () => {
    const humming = { ...speaking, voicedMs: yieldMs, articulation: articulationMin - 0.01 };
    expect(verdict(humming)).toBe('hold: voice');
    expect(verdict({ ...humming, articulation: articulationMin })).toBe('yield: speech');
  });

  test('need not move as much once more of it was heard', () => {
    const sure = { ...speaking, voicedMs: sureMs, articulation: sureArticulation };
    expect(verdict(sure)).toBe('yield: speech');
    expect(verdict({ ...sure, voicedMs: sureMs - 20 })).toBe('hold: voice');
    expect(verdict({ ...sure, articulation: sureArticulation - 0.01 })).toBe('hold: voice');
  });

  test('has to move more after a long hum, or what may be music', () => {
    const long = { ...speaking, voicedMs: longMs, articulation: longArticulation - 0.01 };
    expect(verdict(long)).toBe('hold: voice');
    expect(verdict({ ...long, articulation: longArticulation })).toBe('yield: speech');
    expect(verdict({ ...long, voicedMs: longMs - 20 })).toBe('yield: speech');
  });

  test('is none where much of it has no pitch', () => {
    const hissing = { ...speaking, voicedMs: yieldMs, voicedShare: voicedShareMin - 0.01 };
    expect(verdict(hissing)).toBe('hold: voice');
    expect(verdict({ ...hissing, voicedShare: voicedShareMin })).toBe('yield: speech');
  });

  test.for<readonly [number, string]>([
    [earlierMs - 20, 'wait: voice'],
    [earlierMs, 'yield: speech'],
  ])('and did so long before, after %i ms: %s', ([voicedMs, expected]) => {
    expect(verdict({ ...speaking, voicedMs, isEarlier: true })).toBe(expected);
  });

  test.for<readonly [number, string]>([
    [holdMs + waryMs - 20, 'wait: voice'],
    [holdMs + waryMs, 'hold: voice'],
    [yieldMs + waryMs - 20, 'hold: voice'],
    [yieldMs + waryMs, 'yield: speech'],
  ])('after several holds for nothing, after %i ms: %s', ([voicedMs, expected]) => {
    expect(verdict({ ...speaking, voicedMs, falseHolds: falseHoldsMax })).toBe(expected);
    expect(verdict({ ...speaking, voicedMs: voicedMs - waryMs, falseHolds: falseHoldsMax - 1 })).toBe(expected);
  });
});

describe('a caller whose words have gaps', () => {
  const lasting = { ...speaking, sinceOnsetMs: lastsMs, voicedMs: pieceMs };

  test('has said enough after a while, with less of a voice', () => {
    expect(verdict(lasting)).toBe('yield: speech');
    expect(verdict({ ...lasting, sinceOnsetMs: lastsMs - 20 })).toBe('hold: voice');
    expect(verdict({ ...lasting, voicedMs: pieceMs - 20 })).toBe('hold: voice');
    expect(verdict({ ...lasting, sinceVoiceMs: gapMs })).toBe('yield: speech');
    expect(verdict({ ...lasting, sinceVoiceMs: gapMs + 20 })).toBe('hold: voice');
  });

  test('has to say more after holds for nothing', () => {
    const again = { ...lasting, falseHolds: falseHoldsMax };
    expect(verdict({ ...again, sinceOnsetMs: lastsMs + waryMs - 20 })).toBe('wait: voice');
    expect(verdict({ ...again, sinceOnsetMs: lastsMs + waryMs })).toBe('yield: speech');
  });

  test('who hums, or spoke before, does not count', () => {
    expect(verdict({ ...lasting, articulation: 0 })).toBe('hold: voice');
    expect(verdict({ ...lasting, isEarlier: true })).toBe('wait: voice');
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
    const hum = { ...over, voicedMs: wordMs, articulation: wordArticulation - 0.01, sinceOffsetMs: waitMs };
    expect(verdict(hum)).toBe('goOn: hum');
    expect(verdict({ ...hum, articulation: wordArticulation })).toBe('yield: word');
    expect(verdict({ ...hum, voicedMs: longMs, articulation: longArticulation - 0.01 })).toBe('goOn: hum');
  });

  test('waits after a word', () => {
    const word = { ...over, voicedMs: wordMs };
    expect(verdict({ ...word, sinceOffsetMs: waitMs - 20 })).toBe('wait: voice');
    expect(verdict({ ...word, sinceOffsetMs: waitMs })).toBe('yield: word');
    // The agent stays soft meanwhile.
    expect(verdict({ ...word, voicedMs: holdMs, sinceOffsetMs: waitMs - 20 })).toBe('hold: voice');
  });
});
