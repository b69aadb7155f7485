import { expect, test } from 'vitest';
import { healthOf } from '../../../src/console/health/health.ts';

const open = { noRoom: null, liveCount: 1 };

test('a service that is well has no problems', () => {
  expect(healthOf({ registry: open, callsMax: 5, problems: () => [] })).toEqual({
    ready: true,
    liveCalls: 1,
    callsMax: 5,
    problems: [],
  });
});

function problemsOf(registry: object, ...problems: { what: string; remedy: string }[]): readonly string[] {
  return healthOf({ registry: { ...open, ...registry }, callsMax: 5, problems: () => problems }).problems;
}

test('each thing that is not well is said, and what to do', () => {
  expect(problemsOf({ noRoom: 'full' })).toEqual([
    expect.stringContaining('All 5 calls that MAX_CONCURRENT_CALLS or CALLS_PER_PROCESS allows'),
  ]);
  expect(problemsOf({ noRoom: 'draining' })).toEqual([expect.stringContaining('is stopping')]);
  expect(problemsOf({ noRoom: 'overloaded' })).toEqual([expect.stringContaining('too busy')]);
  expect(problemsOf({}, { what: 'Google refused the key.', remedy: 'Put in a valid one.' })).toEqual([
    'Google refused the key. Put in a valid one.',
  ]);
});
