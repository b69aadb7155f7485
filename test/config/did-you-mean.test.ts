import { describe, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load/load-config.ts';
import { problemsOf } from './problems.ts';

describe('a value out of a list', () => {
  test.for([
    ['AGENT_VOICE', 'Cora', 'Kore'],
    ['AGENT_VOICE', 'PUCK', 'Puck'],
    ['GEMINI_INTERRUPTIONS', 'flase', 'false'],
    ['TRANSFER_ACCEPT', 'press1', 'press-1'],
    ['LOG_LEVEL', 'Debug', 'debug'],
  ] as const)('%s=%s is asked about', ([name, value, meant]) => {
    expect(problemsOf({ [name]: value })).toEqual([
      expect.stringMatching(new RegExp(`^${name} is "${value}"; it wants one of .*; did you mean ${meant}\\?$`)),
    ]);
  });

  test.for([
    ['AGENT_VOICE', 'Nobody'],
    ['BARGE_IN', 'on'],
    ['GEMINI_INTERRUPTIONS', 'yes'],
  ] as const)('%s=%s is no slip', ([name, value]) => {
    expect(problemsOf({ [name]: value })).toEqual([expect.stringMatching(/; it wants one of [^;]*\.$/)]);
  });
});

describe('a model that nobody knows', () => {
  test.for([
    ['GEMINI_MODEL', 'gemini-3.8-liv', 'gemini-3.8-live'],
    ['GEMINI_MODEL', 'gemni-3.8-live', 'gemini-3.8-live'],
    ['GEMINI_FALLBACK_MODEL', 'gemini-3.8-live-extended-thinkin', 'gemini-3.8-live-extended-thinking'],
  ] as const)('%s=%s is taken and asked about', ([name, id, meant]) => {
    expect(loadConfig({ [name]: id }).warnings[0]).toBe(
      `${name} is "${id}", which Parley does not know and treats like gemini-3.8-live; did you mean ${meant}?`,
    );
  });

  test('is not asked about when it is another version', () => {
    expect(loadConfig({ GEMINI_MODEL: 'gemini-3.9-live' }).warnings[0]).toBe(
      'GEMINI_MODEL is "gemini-3.9-live", which Parley does not know: it is treated like gemini-3.8-live.',
    );
  });
});
