import { expect, test } from 'vitest';
import { heardOf } from '../../../dev/voice/detectors/contender.ts';
import {
  addedScores,
  falseOnsetsPerHour,
  lowerBound,
  noScore,
  scoreOnsets,
} from '../../../dev/voice/score/onset-score.ts';

/** A minute in which somebody speaks twice. */
const line = {
  near: new Uint8Array(480_000),
  far: new Uint8Array(480_000),
  spans: [
    { onsetMs: 10_000, endMs: 12_000 },
    { onsetMs: 30_000, endMs: 31_000 },
  ],
};

test.for([
  ['in time', [10_120, 30_000], [12_300, 31_300], { inTime: 2, delaysMs: [120, 0] }],
  ['late', [10_140, 30_980], [12_300, 31_300], { inTime: 0, delaysMs: [140, 980] }],
  ['a breath before', [9_960, 30_020], [12_300, 31_300], { inTime: 2, delaysMs: [-40, 20] }],
  ['never', [], [], { inTime: 0, missed: 2, delaysMs: [] }],
  ['only once it was over', [10_060, 31_100], [12_300, 32_000], { inTime: 1, missed: 1, delaysMs: [60] }],
  ['while another was heard', [9_000, 30_060], [12_300, 31_300], { inTime: 1, busy: 1, falseOnsets: 1 }],
  ['again after a pause within speech', [10_060, 11_000, 30_060], [10_500, 12_300, 31_300], { inTime: 2 }],
  ['where nobody is', [5_000, 10_060, 30_060, 50_000], [6_000, 12_300, 31_300, 51_000], { inTime: 2, falseOnsets: 2 }],
] as const)('an onset that is told %s', ([, onsetsMs, offsetsMs, expected]) => {
  const score = scoreOnsets(line, { onsetsMs, offsetsMs });
  expect(score).toMatchObject({ spoken: 2, ...expected });
  expect(score.inTime + score.busy + score.missed).toBeLessThanOrEqual(2);
});

test('scores add up, and false onsets are those of an hour without speech', () => {
  const score = scoreOnsets(line, { onsetsMs: [5_000], offsetsMs: [6_000] });
  const sum = addedScores(addedScores(noScore, score), score);
  expect(sum).toMatchObject({ spoken: 4, missed: 4, falseOnsets: 2 });
  // Two minutes less the speech, with 60 ms before and 200 ms after each.
  expect(sum.quietMs).toBe(120_000 - 2 * (3_000 + 520));
  expect(falseOnsetsPerHour(sum)).toBeCloseTo((2 * 3_600) / 112.96, 6);
});

test('the lower bound is that of Wilson', () => {
  expect(lowerBound(0, 0)).toBe(0);
  expect(lowerBound(970, 1_000)).toBeCloseTo(0.9575, 3);
  expect(lowerBound(10, 10)).toBeCloseTo(0.7225, 3);
});

test('single frames make an onset when 60 of 100 ms are voice, and an offset after 300 ms without', () => {
  const frames = [true, false, true, false, true, ...Array.from({ length: 20 }, () => false)];
  expect(heardOf(frames, 20)).toEqual({ onsetsMs: [100], offsetsMs: [400] });
  expect(heardOf([true, true, false, false, false, true, true], 20)).toEqual({ onsetsMs: [], offsetsMs: [] });
  expect(heardOf([false, true, true], 32)).toEqual({ onsetsMs: [96], offsetsMs: [] });
});
