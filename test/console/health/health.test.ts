import { expect, test } from 'vitest';
import { healthOf } from '../../../src/console/health/health.ts';

const well = { kind: 'open', queuedEntries: 0, droppedEntries: 0, movedAside: null, lastError: null } as const;
const open = { hasRoom: true, liveCount: 1, isDraining: false };

test('a service that is well has no problems', () => {
  expect(healthOf({ registry: open, callsMax: 5, journal: { state: well } })).toEqual({
    ready: true,
    liveCalls: 1,
    callsMax: 5,
    problems: [],
  });
});

function problemsOf(registry: object, journal: object = {}): readonly string[] {
  return healthOf({ registry: { ...open, ...registry }, callsMax: 5, journal: { state: { ...well, ...journal } } })
    .problems;
}

test('each thing that is not well is said, and what it means', () => {
  expect(problemsOf({ hasRoom: false })).toEqual([
    expect.stringContaining('All 5 calls that MAX_CONCURRENT_CALLS allows'),
  ]);
  expect(problemsOf({ hasRoom: false, isDraining: true })).toEqual([expect.stringContaining('is stopping')]);
  expect(problemsOf({}, { kind: 'failing', queuedEntries: 7, lastError: 'journal.full' })).toEqual([
    expect.stringMatching(/cannot be written \(journal\.full\)\. 7 entries/),
  ]);
  expect(problemsOf({}, { droppedEntries: 3 })).toEqual(['The journal has lost 3 entries.']);
});
