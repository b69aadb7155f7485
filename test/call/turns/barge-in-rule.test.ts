import { describe, expect, test } from 'vitest';
import { judgeOverlap, type CallerOverlap, usualBargeIn } from '../../../src/call/turns/barge-in-rule.ts';

const { holdMs, yieldMs, lastsMs, pieceMs, gapMs, humMs, wordMs, waitMs, earlierMs, falseHoldsMax, waryMs } =
  usualBargeIn;

const speaking: CallerOverlap = {
  voicedMs: 0,
  sinceOnsetMs: 0,
  sinceVoiceMs: 0,
  isSpeaking: true,
  sinceOffsetMs: 0,
  isHumLike: false,
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

  test.for<readonly [number, string]>([
    [holdMs - 20, 'wait: voice'],
    [holdMs, 'hold: voice'],
    [humMs - 20, 'hold: voice'],
    [humMs, 'yield: speech'],
  ])('and only hums, after %i ms: %s', ([voicedMs, expected]) => {
    expect(verdict({ ...speaking, voicedMs, isHumLike: true })).toBe(expected);
  });

  test.for<readonly [number, string]>([
    [earlierMs - 20, 'wait: voice'],
    [earlierMs, 'yield: speech'],
  ])('and did so long before, after %i ms: %s', ([voicedMs, expected]) => {
    expect(verdict({ ...speaking, voicedMs, isEarlier: true })).toBe(expected);
    expect(verdict({ ...speaking, voicedMs, isEarlier: true, isHumLike: true })).toBe(expected);
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
    expect(verdict({ ...lasting, isHumLike: true })).toBe('hold: voice');
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

  test('said no more than a hum', () => {
    expect(verdict({ ...over, voicedMs: yieldMs, isHumLike: true })).toBe('goOn: hum');
  });

  test('waits after a word', () => {
    const word = { ...over, voicedMs: wordMs };
    expect(verdict({ ...word, sinceOffsetMs: waitMs - 20 })).toBe('wait: voice');
    expect(verdict({ ...word, sinceOffsetMs: waitMs })).toBe('yield: word');
    // The agent stays soft meanwhile.
    expect(verdict({ ...word, voicedMs: holdMs, sinceOffsetMs: waitMs - 20 })).toBe('hold: voice');
  });
});
