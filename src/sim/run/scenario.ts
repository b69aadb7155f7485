import { readFileSync } from 'node:fs';
import { usualPatience } from '../../call/call-settings.ts';
import { usualBargeIn } from '../../call/turns/barge-in-rule.ts';
import { type Destination, plainTarget, usualAnnouncement } from '../../call/phone/destination.ts';
import { loadScenario, scenarioNames } from '../scenario/scenario.ts';
import { simulatedTerms } from '../scenario/pretended-tools.ts';
import { parseWorldScenario, type WorldScenario } from '../scenario/world-scenario.ts';
import { modelRules } from '../../gemini/models.ts';
import { ParleyError } from '../../errors.ts';
import { sounds } from './seed.ts';

/** Reads a scenario whose sounds are synthetic speech. Throws `config.invalid`, which names the file and everything wrong in it. */
export function readScenario(path: string): WorldScenario {
  try {
    return parseWorldScenario(JSON.parse(readFileSync(path, 'utf8')), sounds);
  } catch (error) {
    throw new ParleyError('config.invalid', `${path}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/**
 * A scenario of `fixtures/scenarios` with its recorded speech, which runs over real sockets as well. Nothing goes wrong in it. Throws
 * `config.invalid`, which names those that there are.
 */
export function recordedScenario(name: string): WorldScenario {
  if (!scenarioNames().includes(name)) {
    throw new ParleyError(
      'config.invalid',
      `There is no scenario named ${name}, but these: ${scenarioNames().join(', ')}.`,
    );
  }
  const { callerClips, agentClips, ...scenario } = loadScenario(name);
  return {
    ...scenario,
    tools: [],
    faults: [],
    requests: [],
    settings: {
      greeting: agentClips.get('greeting')?.text ?? '',
      apology: 'I am sorry.',
      caller: '+12025550123',
      destinations: { support: place('+12025550100'), sales: place('+12025550101') },
      fallback: { number: null, voicemail: null },
      callMsMax: 120_000,
      model: { first: modelRules('gemini-3.8-live').behavior, fallback: null },
      sessionMsMax: 540_000,
      patience: usualPatience,
      bargeIn: usualBargeIn,
      tools: simulatedTerms,
    },
    context: null,
    number: { voiceOverrides: '', fallbackTwiml: null },
    speechResults: [],
    seed: 1,
    sounds: { caller: callerClips, agent: agentClips },
  };
}

function place(number: string): Destination {
  return { targets: [plainTarget(number)], accept: 'press1', announcement: usualAnnouncement, language: null };
}
