import { expect, test } from 'vitest';
import { noScore } from '../../../dev/voice/score/onset-score.ts';
import { boundCell, delayCell, falseCell, inTimeCell, tableHead } from '../../../dev/voice/score/voice-tables.ts';

const score = {
  spoken: 200,
  inTime: 190,
  busy: 4,
  missed: 2,
  delaysMs: [60, 200, 80],
  falseOnsets: 3,
  quietMs: 1_800_000,
};

test('a score is told in the cells of a table', () => {
  expect(inTimeCell(score)).toBe('95.0 %, 2.0 % busy');
  expect(delayCell(score)).toBe('80 ms, 1.0 % missed');
  expect(boundCell(score)).toBe('≥ 91.0 % of 200');
  expect(falseCell(score)).toBe('6');
});

test('nothing that was heard is told as nothing', () => {
  expect(inTimeCell(noScore)).toBe('0.0 %');
  expect(delayCell(noScore)).toBe('-, 0.0 % missed');
  expect(falseCell(noScore)).toBe('0');
});

test('a head tells which columns hold figures', () => {
  expect(tableHead(['beside', '20 dB'])).toBe('| beside | 20 dB |\n| --- | --: |');
});
