import { describe, expect, test } from 'vitest';
import { LeftoverAudio } from '../../../src/call/agent/leftover-audio.ts';

function cutAt(atMs: number, isGenerated = false): LeftoverAudio {
  const late = new LeftoverAudio();
  late.callerSpeaks(true, 0);
  late.cut(atMs, isGenerated);
  return late;
}

function stoppedAt(atMs: number, callerSpeaks: boolean): LeftoverAudio {
  const late = new LeftoverAudio();
  late.callerSpeaks(callerSpeaks, 0);
  late.interrupted(atMs);
  return late;
}

test('nothing is late at first', () => {
  expect([new LeftoverAudio().isLate(0), new LeftoverAudio().audioCame(0)]).toEqual([false, false]);
});

test('of a turn that is dropped, what comes within 400 ms is late', () => {
  const late = new LeftoverAudio();
  late.dropped(1_000);
  expect([late.isLate(1_399), late.audioCame(1_399)]).toEqual([true, true]);
  expect([late.isLate(1_400), late.audioCame(1_400)]).toEqual([false, false]);
  late.dropped(2_000);
  late.turnCompleted(2_100);
  expect([late.isLate(2_101), late.audioCame(2_101)]).toEqual([false, false]);
});

describe('of a turn that the model has stopped', () => {
  test('what comes within 400 ms is late, behind its end too, when it was for the caller', () => {
    const late = stoppedAt(1_000, true);
    late.callerSpeaks(false, 1_000);
    late.turnCompleted(1_000);
    expect([late.isLate(1_399), late.isLate(1_400)]).toEqual([true, false]);
    late.turnCompleted(1_399);
    expect(late.isLate(1_399)).toBe(true);
    expect(late.audioCame(1_400)).toBe(false);
    expect(stoppedAt(1_000, false).audioCame(1_250)).toBe(true);
  });

  test('what goes on without a pause is late for longer, but not for ever', () => {
    const late = stoppedAt(1_000, false);
    for (let atMs = 1_000; atMs < 4_000; atMs += 249) expect(late.audioCame(atMs)).toBe(true);
    expect(late.audioCame(4_000)).toBe(false);
    const paused = stoppedAt(1_000, false);
    expect([paused.audioCame(1_390), paused.audioCame(1_639), paused.audioCame(1_889)]).toEqual([true, true, false]);
  });

  test('pauses may be longer while the caller speaks', () => {
    const late = stoppedAt(1_000, true);
    expect([late.audioCame(1_699), late.audioCame(2_398), late.audioCame(3_098)]).toEqual([true, true, false]);
    const endless = stoppedAt(1_000, true);
    for (let atMs = 1_000; atMs < 4_000; atMs += 300) expect(endless.audioCame(atMs)).toBe(true);
    expect(endless.audioCame(4_000)).toBe(false);
  });

  test('for nothing that the caller said, nothing is late behind its end', () => {
    for (const endMs of [null, 1_000]) {
      const late = new LeftoverAudio();
      late.callerSpeaks(endMs !== null, 0);
      if (endMs !== null) late.callerSpeaks(false, endMs);
      late.interrupted(2_499);
      late.turnCompleted(2_499);
      expect(late.audioCame(2_500)).toBe(endMs !== null);
      late.turnCompleted(2_500);
      expect(late.audioCame(2_501)).toBe(false);
    }
  });

  test('nothing is late behind an end that comes later', () => {
    const late = stoppedAt(1_000, true);
    late.turnCompleted(1_400);
    expect(late.audioCame(1_401)).toBe(false);
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
    expect(late.audioCame(1_240)).toBe(true);
    late.callerSpeaks(false, 1_300);
    expect([late.isLate(1_489), late.audioCame(1_489)]).toEqual([true, true]);
    expect([late.isLate(1_739), late.audioCame(1_739)]).toEqual([false, false]);
    // An answer goes on without such a pause.
    expect(late.audioCame(1_740)).toBe(false);
  });

  test('an answer that has begun is not late for a caller who speaks again', () => {
    const late = cutAt(1_000);
    late.callerSpeaks(false, 1_300);
    expect(late.audioCame(1_500)).toBe(false);
    late.callerSpeaks(true, 2_000);
    expect(late.audioCame(2_100)).toBe(false);
  });

  test('a pause while the caller speaks is no end of it', () => {
    const late = cutAt(1_000);
    late.callerSpeaks(false, 1_100);
    late.callerSpeaks(true, 1_200);
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
    late.callerSpeaks(true, 3_000);
    late.callerSpeaks(false, 3_800);
    late.cut(4_000, false);
    for (let atMs = 4_000; atMs < 7_000; atMs += 100) expect(late.audioCame(atMs)).toBe(true);
    expect(late.audioCame(7_000)).toBe(false);
  });

  test('nothing is late behind its end, nor in another session', () => {
    for (const end of [(late: LeftoverAudio) => late.turnCompleted(1_001), (late: LeftoverAudio) => late.forget()]) {
      const late = cutAt(1_000);
      end(late);
      expect([late.isLate(1_001), late.audioCame(1_001)]).toEqual([false, false]);
    }
  });

  // The model had stopped for a noise, said that its turn was over, and was asked for the rest of it. 18 ms later came what it had still on the
  // way. That counted as the beginning of the rest, and the reply after it as its end, so that a cut lay 0.7 s further into that than it did.
  test.each([true, false])(
    'by mistake, what comes without a pause is late, also behind its end, while the caller speaks: %s',
    (callerSpeaks) => {
      const late = new LeftoverAudio();
      late.callerSpeaks(callerSpeaks, 0);
      late.brokeOff(1_000);
      late.turnCompleted(1_000);
      expect([late.audioCame(1_018), late.audioCame(1_150), late.audioCame(1_290)]).toEqual([true, true, true]);
      expect([late.audioCame(1_440), late.audioCame(1_441)]).toEqual([false, false]);
    },
  );

  test('audio is new once all of it was generated, and words are not', () => {
    for (const late of [cutAt(1_000), cutAt(1_000, true)]) {
      late.generationCompleted();
      expect(late.isLate(1_100)).toBe(true);
      expect(late.audioCame(1_100)).toBe(false);
      expect(late.isLate(1_101)).toBe(false);
    }
    expect(cutAt(1_000, true).audioCame(1_100)).toBe(false);
  });

  test('the model may stop it as well', () => {
    const late = cutAt(1_000, true);
    late.interrupted(2_000);
    expect([late.audioCame(2_399), late.audioCame(3_099)]).toEqual([true, false]);
  });
});
