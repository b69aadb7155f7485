import { expect, test } from 'vitest';
import { CallerScriptError, parseCallerScript } from '../../../src/sim/caller/caller-script.ts';

test('a script is read and its defaults are filled in', () => {
  const steps = [{ say: 'hello' }, { waitFor: 'agentQuiet' }, { tone: { hz: 440, ms: 100 } }, { hangUp: true }];
  expect(parseCallerScript({ steps, noiseDbfs: -60 }, ['hello'])).toEqual({
    steps: [
      { say: 'hello' },
      { waitFor: 'agentQuiet', ms: 20, withinMs: 30_000 },
      { tone: { hz: 440, ms: 100, levelDbfs: -20 } },
      { hangUp: true },
    ],
    noiseDbfs: -60,
  });
});

test.each([
  [[], 'expected object'],
  [{}, 'steps'],
  [{ steps: [], nois: 1 }, 'nois'],
  [{ steps: [{ pauseMs: 100 }, { pauseMs: '1 s' }] }, 'steps[1].pauseMs'],
  [{ steps: [{ pauseMs: -1 }] }, 'steps[0].pauseMs'],
  [{ steps: [{ pause: 100 }] }, 'exactly one of say, tone, pauseMs'],
  [{ steps: [{ say: 'hello', hangUp: true }] }, 'exactly one of'],
  [{ steps: [{ say: 'hello', volume: 2 }] }, '"volume"'],
  [{ steps: [{ waitFor: 'agent' }] }, 'steps[0].waitFor'],
  [{ steps: [{ tone: { hz: 440, ms: 100, levelDbfs: 3 } }] }, 'steps[0].tone.levelDbfs'],
  [{ steps: [{ dtmf: '5a' }] }, 'steps[0].dtmf'],
  [{ steps: [{ pauseMs: 1 }, { say: 'goodbye' }] }, 'no clip named goodbye'],
])('the script %j is refused, and the message says %s', (script, message) => {
  expect(() => parseCallerScript(script, ['hello'])).toThrow(CallerScriptError);
  expect(() => parseCallerScript(script, ['hello'])).toThrow(message);
});
