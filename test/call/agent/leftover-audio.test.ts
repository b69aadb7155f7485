import { describe, expect, test } from 'vitest';
import { LeftoverAudio } from '../../../src/call/agent/leftover-audio.ts';

function cutAt(atMs: number, isGenerated = false): LeftoverAudio {
  const late = new LeftoverAudio();
  late.cut(atMs, isGenerated);
  return late;
}

describe('after an interruption', () => {
  test('audio and words are late for 400 ms', () => {
    const late = new LeftoverAudio();
    expect(late.audioCame(0)).toBe(false);
    late.interrupted(1_000);
    expect([late.isLate(1_399), late.audioCame(1_399)]).toEqual([true, true]);
    expect([late.isLate(1_400), late.audioCame(1_400)]).toEqual([false, false]);
  });

  test('what comes behind the end of the turn is new', () => {
    const late = new LeftoverAudio();
    late.interrupted(1_000);
    late.ended();
    expect([late.isLate(1_001), late.audioCame(1_001)]).toEqual([false, false]);
  });
});

describe('of a turn that was cut while the model did not know', () => {
  test('all is late while the caller speaks, but not for ever', () => {
    const late = cutAt(1_000);
    expect(late.audioCame(1_100)).toBe(true);
    expect([late.isLate(10_999), late.audioCame(10_999)]).toEqual([true, true]);
    expect([late.isLate(11_000), late.audioCame(11_000)]).toEqual([false, false]);
  });

  test('what begins 250 ms after the last of it, once the caller has stopped, is an answer', () => {
    const late = cutAt(1_000);
    late.callerSpeaks(false, 1_500);
    expect(late.audioCame(1_240)).toBe(true);
    expect([late.isLate(1_489), late.audioCame(1_489)]).toEqual([true, true]);
    expect([late.isLate(1_739), late.audioCame(1_739)]).toEqual([false, false]);
    // An answer goes on without such a pause.
    expect(late.audioCame(1_740)).toBe(false);
  });

  test('a pause while the caller speaks is no end of it', () => {
    const late = cutAt(1_000);
    late.callerSpeaks(false, 1_500);
    late.callerSpeaks(true, 1_600);
    expect(late.audioCame(2_500)).toBe(true);
    late.callerSpeaks(false, 2_600);
    expect(late.audioCame(2_800)).toBe(false);
  });

  test('a turn that never pauses is dropped for 3 s beyond the end of the caller', () => {
    const late = cutAt(1_000);
    for (let atMs = 1_000; atMs < 5_000; atMs += 100) {
      // Told again and again, the end stays where it was.
      if (atMs >= 2_000) late.callerSpeaks(false, atMs);
      expect(late.audioCame(atMs)).toBe(true);
    }
    expect([late.isLate(5_000), late.audioCame(5_000)]).toEqual([false, false]);
  });

  test('a caller who had stopped before has it dropped for 3 s from the cut on', () => {
    const late = new LeftoverAudio();
    late.cut(4_000, false);
    late.callerSpeaks(false, 3_800);
    for (let atMs = 4_000; atMs < 7_000; atMs += 100) expect(late.audioCame(atMs)).toBe(true);
    expect(late.audioCame(7_000)).toBe(false);
  });

  test('nothing is late behind its end', () => {
    const late = cutAt(1_000);
    late.ended();
    expect([late.isLate(1_001), late.audioCame(1_001)]).toEqual([false, false]);
  });

  test('audio is new once all of it was generated, and words are not', () => {
    for (const late of [cutAt(1_000), cutAt(1_000, true)]) {
      late.generationCompleted();
      expect(late.isLate(1_100)).toBe(true);
      expect(late.audioCame(1_100)).toBe(false);
      expect(late.isLate(1_101)).toBe(false);
    }
    expect(cutAt(1_000, true).audioCame(1_100)).toBe(false);
  });

  test('an interruption takes its place', () => {
    const late = cutAt(1_000);
    late.interrupted(2_000);
    expect([late.isLate(2_399), late.isLate(2_400)]).toEqual([true, false]);
  });
});
