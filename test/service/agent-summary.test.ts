import { expect, test } from 'vitest';

import { environmentAgent } from '../../src/agents/agent-profile.ts';
import { loadConfig } from '../../src/config/load/load-config.ts';
import { agentSummary } from '../../src/service/agent-summary.ts';
import { ServiceScene } from '../e2e/service-scene.ts';

test('the log says what the agent is made of, and no telephone number', () => {
  const config = loadConfig({
    GEMINI_API_KEY: 'key',
    GEMINI_FALLBACK_MODEL: 'gemini-3.8-live-extended-thinking',
    AGENT_PROMPT: 'Be kind.',
    AGENT_GREETING: 'Hallo.',
    AGENT_LANGUAGE: 'de-AT',
    AGENT_VOICE: 'Puck',
    TRANSFER_DESTINATIONS: 'support=+4930901820,sales=+4930901821',
    FALLBACK_DESTINATION: '+4930901822',
    FALLBACK_VOICEMAIL: 'true',
    JOURNAL_FILE: '/var/lib/parley/journal.sqlite',
  });
  const summary = agentSummary(environmentAgent(config), config, {
    tools: ['lookup_record'],
    searches: [],
    isSimulated: false,
  });
  expect(summary).toEqual({
    agent: null,
    model: 'gemini-3.8-live',
    fallbackModel: 'gemini-3.8-live-extended-thinking',
    voice: 'Puck',
    language: 'Austrian German',
    promptCharacters: 8,
    isOwnPrompt: true,
    greetingCharacters: 6,
    tools: ['lookup_record'],
    googleSearch: false,
    destinations: ['support', 'sales'],
    fallback: ['number', 'voicemail'],
    journal: '/var/lib/parley/journal.sqlite',
  });
  expect(JSON.stringify(summary)).not.toContain('3090182');
});

test('what is not set is nothing, and the prompt that Parley brings along is told from an own one', () => {
  const config = loadConfig({ JOURNAL_FILE: 'off' });
  expect(
    agentSummary(environmentAgent(config, true), config, { tools: [], searches: [], isSimulated: true }),
  ).toMatchObject({
    model: 'simulated',
    fallbackModel: null,
    language: null,
    isOwnPrompt: false,
    destinations: [],
    fallback: [],
    journal: null,
  });
});

test('an agent of a file is told by its name, beside its model', () => {
  const config = loadConfig({ AGENTS_FILE: 'agents.yaml' });
  const agent = { ...environmentAgent(config), name: 'sales', model: 'gemini-3.8-live-extended-thinking' };
  expect(agentSummary(agent, config, { tools: [], searches: [], isSimulated: false })).toMatchObject({
    agent: 'sales',
    model: 'gemini-3.8-live-extended-thinking',
  });
});

test('an entry that has the model search the web is among what the agent can do', async (context) => {
  const { log } = await ServiceScene.open(context, { parts: { searches: ['web'] } });
  expect(log.named('listening')).toMatchObject([{ tools: expect.arrayContaining(['end_call', 'web']) }]);
});

test.for<[string, Readonly<Record<string, string>>, readonly string[], boolean]>([
  ['for which a setting asks', { GEMINI_GOOGLE_SEARCH: 'true' }, [], true],
  ['for which an entry of the tools file asks', {}, ['web'], true],
  ['for which nothing asks', {}, [], false],
])('a search of the web %s is told', ([, env, searches, googleSearch]) => {
  const config = loadConfig(env);
  const told = (isSimulated: boolean) =>
    agentSummary(environmentAgent(config), config, { tools: [], searches, isSimulated });
  expect(told(false)).toMatchObject({ googleSearch });
  // Recorded sentences search nothing.
  expect(told(true)).toMatchObject({ googleSearch: false });
});
