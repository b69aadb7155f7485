import { describe, expect, test } from 'vitest';
import { filterVersion } from '../../src/audio/filters.ts';
import { readLog } from '../../src/calllog/read-log.ts';
import { replay } from '../../src/calllog/replay.ts';
import { fixtureMsMax, fixtureWhyForm } from '../../src/calllog/scrub/scrub.ts';
import { standardAudioPath } from '../../src/sounds/standard-audio-path.ts';
import { audioOf, fixtures, fixturesOften, linesOf, nothingOtherwise, recordedOtherwise } from './kept-calls.ts';

/** Some 180 calls of 65 kB show the talk and every recovery, deadline and way out, and a clone stays quick. */
const bytesMax = 12_500_000;

/**
 * Each has to wait for a deadline of ten seconds and more: of an outage, of a redirect, of a quiet moment that comes or does not, of a
 * transfer that rings, of a caller who never stops.
 */
const longCalls: ReadonlySet<string> = new Set([
  'manual-turn-never-ends',
  'outage-of-many-tries',
  'redirect-to-transfer',
  'rotation-without-handle-cover',
  'rotation-without-quiet',
  'transfer-taken',
]);
const longMsMax = 60_000;

test('there are fixtures, and they are small', () => {
  expect(fixtures.length).toBeGreaterThanOrEqual(115);
  const bytes = fixtures.map(({ folder }) => linesOf(folder).length + audioOf(folder).length);
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(bytesMax);
});

// A change that is meant to order something else is recorded with `npm run simulate -- --record-fixtures` and read as a diff.
describe.for(fixtures)('$name', ({ name, folder }) => {
  test('replays exactly, says why it is kept, and is no longer than it has to be', () => {
    const record = readLog(linesOf(folder), audioOf(folder));
    // Of sound that other filters made, a replay compares the length alone.
    expect(record.header.filters).toBe(filterVersion);
    const { divergence, broken, durationMs } = replay(record, standardAudioPath);
    expect({ divergence, broken }).toEqual({ divergence: null, broken: [] });
    expect(record.header.why).toMatch(fixtureWhyForm);
    expect(durationMs).toBeLessThanOrEqual(longCalls.has(name) ? longMsMax : fixtureMsMax);
  });
});

// `fixtures.slow.test.ts` records the others again.
describe.for(fixturesOften)('$name', (fixture) => {
  test('is what its scenario gives', () => {
    expect(recordedOtherwise(fixture)).toEqual(nothingOtherwise);
  });
});

const killed = fixtures.filter(({ scenario }) => scenario?.faults.some(({ fault }) => fault === 'serviceKilled'));

test.for(killed)('$name is the log of the service that took the call over', ({ folder }) => {
  const types = readLog(linesOf(folder), audioOf(folder)).steps.map(({ event }) => event.type);
  expect([types.indexOf('call.restored'), types.lastIndexOf('call.restored')]).toEqual([0, 0]);
});
