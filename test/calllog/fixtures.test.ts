import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { filterVersion } from '../../src/audio/filters.ts';
import { callFixtures } from '../../src/sim/run/fixtures.ts';
import { recordScenario } from '../../src/sim/run/record.ts';
import { readLog } from '../../src/calllog/read-log.ts';
import { replay } from '../../src/calllog/replay.ts';
import { fixtureMsMax } from '../../src/calllog/scrub/scrub.ts';
import { standardAudioPath } from '../../src/sounds/standard-audio-path.ts';

const fixtures = callFixtures();

/** Some 170 calls of 65 kB show the talk and every recovery, deadline and way out, and a clone stays quick. */
const bytesMax = 12_000_000;

/** Each has to wait for a deadline of ten seconds and more: of an outage, of a redirect, of a quiet moment that comes or does not, of a transfer that rings, of a caller who never stops. */
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
  const bytes = fixtures.map(({ folder }) => lines(folder).length + audio(folder).length);
  expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThan(bytesMax);
});

// A change that is meant to order something else is recorded with `npm run simulate -- --record-fixtures` and read as a diff.
describe.for(fixtures)('$name', ({ name, folder, scenario }) => {
  test('replays exactly, says why it is kept, and is no longer than it has to be', () => {
    const record = readLog(lines(folder), audio(folder));
    // Of sound that other filters made, a replay compares the length alone.
    expect(record.header.filters).toBe(filterVersion);
    const { divergence, broken, durationMs } = replay(record, standardAudioPath);
    expect({ divergence, broken }).toEqual({ divergence: null, broken: [] });
    expect(record.header.why).toMatch(/^[A-Z][^.!?]{20,150}\.$/);
    expect(durationMs).toBeLessThanOrEqual(longCalls.has(name) ? longMsMax : fixtureMsMax);
  });

  test.runIf(scenario !== null)('is what its scenario gives', () => {
    if (scenario === null) return;
    const recording = recordScenario(scenario);
    expect(recording.call.broken).toEqual([]);
    // The lines are long, so a difference is told by the first of them.
    const [recorded, again] = [lines(folder), recording.lines].map((text) => text.split('\n'));
    expect(again?.find((line, index) => line !== recorded?.[index]) ?? null).toBeNull();
    expect(Buffer.compare(recording.audio, audio(folder))).toBe(0);
  });
});

const killed = fixtures.filter(({ scenario }) => scenario?.faults.some(({ fault }) => fault === 'serviceKilled'));

test.for(killed)('$name is the log of the service that took the call over', ({ folder }) => {
  const types = readLog(lines(folder), audio(folder)).steps.map(({ event }) => event.type);
  expect([types.indexOf('call.restored'), types.lastIndexOf('call.restored')]).toEqual([0, 0]);
});

function lines(folder: string): string {
  return readFileSync(join(folder, 'call.jsonl'), 'utf8');
}

function audio(folder: string): Buffer {
  return readFileSync(join(folder, 'call.audio'));
}
