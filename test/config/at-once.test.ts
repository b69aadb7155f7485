import { expect, test } from 'vitest';
import { problemsOf } from './problems.ts';

test('settings that do not fit together are told of although others have the wrong form', () => {
  expect(
    problemsOf({ PORT: 'x', FILLER_PHRASE_MS: '300', COMFORT_TONE_MS: '400', AGENT_GREETING: 'Hello, {{who}}!' }),
  ).toEqual([
    'PORT is "x"; it wants a whole number from 0 to 65535.',
    'FILLER_PHRASE_MS is 300 and COMFORT_TONE_MS is 400; the first must be the longer one.',
    expect.stringContaining('AGENT_GREETING holds {{who}}'),
  ]);
});

test('nothing is compared with a setting of the wrong form', () => {
  expect(problemsOf({ FILLER_PHRASE_MS: '300', COMFORT_TONE_MS: 'long' })).toEqual([
    expect.stringContaining('COMFORT_TONE_MS is "long"'),
  ]);
  expect(problemsOf({ CONTEXT_DEFAULTS: 'who', AGENT_GREETING: 'Hello, {{who}}!' })).toEqual([
    expect.stringContaining('CONTEXT_DEFAULTS '),
  ]);
});
