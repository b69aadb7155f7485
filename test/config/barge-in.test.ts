import { describe, expect, test } from 'vitest';
import { usualBargeIn } from '../../src/call/turns/barge-in-rule.ts';
import { loadConfig } from '../../src/config/load/load-config.ts';
import { problemsOf } from './problems.ts';

describe('when the agent yields', () => {
  test('is what the settings say, and the rest of the rule stays', () => {
    const { bargeIn } = loadConfig({ BARGE_IN_HOLD_MS: '200', BARGE_IN_MS: '500' });
    expect(bargeIn).toEqual({ ...usualBargeIn, holdMs: 200, yieldMs: 500 });
    expect(loadConfig({}).bargeIn).toEqual(usualBargeIn);
    expect(loadConfig({ BARGE_IN: 'off' }).bargeIn).toBeNull();
  });

  test.for<readonly [string, string]>([
    ['500', '500'],
    ['500', '600'],
  ])('BARGE_IN_MS %s is refused with BARGE_IN_HOLD_MS %s: it would stop before it is softer', ([long, short]) => {
    expect(problemsOf({ BARGE_IN_MS: long, BARGE_IN_HOLD_MS: short })).toEqual([
      `BARGE_IN_MS is ${long} and BARGE_IN_HOLD_MS is ${short}; the first must be the longer one.`,
    ]);
  });

  test('a step back that is set alone is held against the usual stop, and the other way round', () => {
    const { holdMs, yieldMs } = usualBargeIn;
    expect(problemsOf({ BARGE_IN_HOLD_MS: String(yieldMs) })).toEqual([
      `BARGE_IN_MS is ${yieldMs} and BARGE_IN_HOLD_MS is ${yieldMs}; the first must be the longer one.`,
    ]);
    expect(problemsOf({ BARGE_IN_MS: String(holdMs) })).toEqual([
      `BARGE_IN_MS is ${holdMs} and BARGE_IN_HOLD_MS is ${holdMs}; the first must be the longer one.`,
    ]);
    expect(problemsOf({ BARGE_IN_HOLD_MS: String(yieldMs - 1) })).toEqual([]);
  });

  test.for(['BARGE_IN_MS', 'BARGE_IN_HOLD_MS'])('%s is of no use when the model decides', (name) => {
    const value = name === 'BARGE_IN_MS' ? '500' : '100';
    expect(problemsOf({ BARGE_IN: 'off', [name]: value })).toEqual([
      `BARGE_IN is off and ${name} is set; that would change nothing, so use one of them.`,
    ]);
    expect(problemsOf({ BARGE_IN: 'usual', [name]: value })).toEqual([]);
  });
});
