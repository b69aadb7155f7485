import { expect, test } from 'vitest';
import { UtteranceSound } from '../../../src/audio/voice/utterance-sound.ts';

interface Frame {
  readonly levelDb?: number;
  readonly periodicity?: number;
  readonly bandDb?: readonly number[];
}

/** An utterance of such frames, 30 dB over noise. */
function utteranceOf(frames: readonly Frame[], excessDb = 30): UtteranceSound {
  const utterance = new UtteranceSound();
  utterance.begin();
  for (const { levelDb = -20, periodicity = 0.9, bandDb = [-21, -27, -40, -50, -60] } of frames) {
    utterance.add({ levelDb, periodicity, bandDb: Float64Array.from(bandDb) }, excessDb);
  }
  return utterance;
}

const times = (count: number, frame: Frame): Frame[] => Array.from({ length: count }, () => frame);
const open: Frame = { bandDb: [-30, -23, -24, -35, -50] };

test('what has a pitch is voice, and neither hisses nor pauses are', () => {
  const { voicedMs } = utteranceOf([
    ...times(5, {}),
    ...times(3, { periodicity: 0.2 }),
    ...times(4, { levelDb: -40, bandDb: [-41, -47, -60, -70, -80] }),
    ...times(5, open),
  ]);
  expect(voicedMs).toBe(200);
});

test('a steady spectrum is a hum, also of a mouth that is open', () => {
  expect(utteranceOf(times(16, {})).isHumLike).toBe(true);
  expect(utteranceOf(times(16, open)).isHumLike).toBe(true);
  expect(utteranceOf(times(16, { periodicity: 0.2 })).isHumLike).toBe(false);
});

test('a mouth that opens and closes says words', () => {
  expect(utteranceOf([...times(8, {}), ...times(8, open)]).isHumLike).toBe(false);
});

test('a hum that becomes louder and softer stays a hum', () => {
  const frames = Array.from({ length: 16 }, (_, i) => {
    const db = -20 - Math.abs(8 - i);
    return { levelDb: db, bandDb: [db - 1, db - 7, db - 20, db - 30, db - 40] };
  });
  expect(utteranceOf(frames).isHumLike).toBe(true);
});

test('the less it is over noise, the less it may vary', () => {
  const frames = [...times(8, {}), ...times(8, { bandDb: [-22, -24, -34, -45, -55] })];
  expect(utteranceOf(frames, 30).isHumLike).toBe(true);
  expect(utteranceOf(frames, 10).isHumLike).toBe(false);
});

test('how much of it has a pitch is a share of its sound, without pauses', () => {
  const frames = [...times(6, {}), ...times(2, { periodicity: 0.2 }), ...times(9, { levelDb: -40 })];
  expect(utteranceOf(frames).voicedShare).toBe(0.75);
});

test('how much its spectrum moves is told for each dB over noise', () => {
  expect(utteranceOf(times(16, {})).articulation).toBe(0);
  // The four lower bands are 4.5, 2, 8 and 7.5 dB off their means.
  const words = [...times(8, {}), ...times(8, open)];
  expect(utteranceOf(words, 30).articulation).toBe(1.2);
  expect(utteranceOf(words, 10).articulation).toBe(3.61);
});

test('how fast its spectrum moves is its change from frame to frame, whatever its level', () => {
  expect(utteranceOf(times(16, {})).changeDb).toBe(0);
  // The four lower bands change by 9, 4, 16 and 15 dB.
  expect(utteranceOf([{}, open, {}, open]).changeDb).toBe(11);
  expect(utteranceOf([{}, {}, open, open, open]).changeDb).toBe(2.75);
  expect(utteranceOf([{}, { levelDb: -30, bandDb: [-31, -37, -50, -60, -70] }]).changeDb).toBe(0);
  expect(utteranceOf([open]).changeDb).toBe(0);
});

test('how well it repeats itself is a mean over its sound, without pauses', () => {
  const frames = [...times(3, { periodicity: 0.9 }), { periodicity: 0.3 }, ...times(9, { levelDb: -40 })];
  expect(utteranceOf(frames).periodicity).toBe(0.75);
});

test('nothing is known of what has not begun', () => {
  const utterance = utteranceOf(times(16, {}));
  utterance.begin();
  expect(utterance.voicedMs).toBe(0);
  expect(utterance.voicedShare).toBe(0);
  expect(utterance.articulation).toBe(0);
  expect(utterance.changeDb).toBe(0);
  expect(utterance.periodicity).toBe(0);
  utterance.add({ levelDb: -84, periodicity: 0, bandDb: new Float64Array(5).fill(-84) }, 0);
  expect(utterance.isHumLike).toBe(false);
});
