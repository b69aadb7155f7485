import { expect, test } from 'vitest';
import { metricTable } from '../../../src/metrics/metric-table.ts';
import { noRoomNames } from '../../../src/metrics/metric-labels.ts';
import { callersTurnedAway, speaksText, turnedAwayWords } from '../../../web/board/words.ts';

test('who speaks is said while Parley hears the caller, and no silence is claimed of a talk with a person', () => {
  expect(speaksText({ speaks: 'nobody', stage: 'talking' })).toBe('Silence');
  for (const stage of ['ringing', 'between', 'dialling', 'recording'] as const)
    expect(speaksText({ speaks: 'nobody', stage })).toBeNull();
});

test('callers who found no room are counted, and neither strangers nor wrong logins to the pages', () => {
  expect(callersTurnedAway({ full: 2, overloaded: 1, viewerRefused: 4, 'webhook.signatureInvalid': 8 })).toBe(3);
  expect(callersTurnedAway({})).toBe(0);
});

test('whatever is turned away by an error code is told in words', () => {
  const codes = (metricTable.parley_refusals_total.labels?.reason ?? []).filter((reason) => reason.includes('.'));
  expect(codes.length).toBeGreaterThan(3);
  for (const why of [...noRoomNames, ...codes]) expect(turnedAwayWords(why)).not.toBe(why);
});
