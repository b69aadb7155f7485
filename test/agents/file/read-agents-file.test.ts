import { describe, expect, test } from 'vitest';
import { voices } from '../../../src/config/model/voices.ts';
import { agentsMistakes } from './mistakes.ts';
import { readAgents } from './read-scene.ts';

const env = {
  AGENT_PROMPT: 'Be kind.',
  AGENT_GREETING: 'Hello.',
  TRANSFER_DESTINATIONS: 'support=+4312345670',
  FALLBACK_DESTINATION: '+4312345671',
  VOICEMAIL_PROMPT: 'Speak now.',
};

describe('a mistake in an agents file', () => {
  test.for(agentsMistakes)('is told with its line, field and remedy: $name', async ({ files, told }) => {
    const { book, problems } = await readAgents(files);
    expect(problems.map((line) => line.replace(voices.join(', '), 'VOICES'))).toEqual(told);
    expect(book).toBeNull();
  });

  test('stands in a table of at least thirty', () => {
    expect(agentsMistakes.length).toBeGreaterThanOrEqual(30);
  });
});

test('an agent is as its fields say, and what they leave out is as in the environment', async () => {
  const text = `
agents:
  reception:
    default: true
  sales:
    numbers: ["+43 (0)1 234 56 78", "0043 1 2345679"]
    prompt: { file: prompts/sales.md }
    greeting: Grüß Gott.
    voice: Puck
    language: de-AT
    apology: Verzeihung.
    tools: [weather]
    destinations: { boss: "+43 1 2345672" }
    fallback: { number: none, voicemail: true, voicemail_thanks: Danke. }
    model: gemini-3.8-live-extended-thinking
`;
  const { book, problems, warnings, files } = await readAgents(
    { 'agents.yaml': text, 'prompts/sales.md': 'Sell.\n' },
    env,
  );
  expect([problems, warnings]).toEqual([[], []]);
  expect(files).toEqual(['agents.yaml', 'prompts/sales.md']);
  const house = book?.find('+4312345670');
  expect(house).toMatchObject({ name: 'reception', numbers: [], prompt: 'Be kind.', greeting: 'Hello.', tools: 'all' });
  expect([...(house?.destinations ?? [])]).toMatchObject([['support', { targets: [{ address: '+4312345670' }] }]]);
  expect(house?.fallback).toEqual({ number: '+4312345671', voicemail: null });
  const sales = book?.find('+4312345679');
  expect(sales).toMatchObject({
    name: 'sales',
    prompt: 'Sell.',
    greeting: 'Grüß Gott.',
    voice: 'Puck',
    language: 'Austrian German',
    languageTag: 'de-AT',
    apology: 'Verzeihung.',
    tools: ['weather'],
    model: 'gemini-3.8-live-extended-thinking',
    fallback: { number: null, voicemail: { prompt: 'Speak now.', thanks: 'Danke.', secondsMax: 120 } },
  });
  expect([...(sales?.destinations ?? [])]).toMatchObject([['boss', { targets: [{ address: '+4312345672' }] }]]);
});

test('numbers of PHONE_COUNTRY may be written as at home', async () => {
  const text = `
agents:
  house:
    default: true
    numbers: ["01 2345678", "+49 30 901820"]
    destinations: { boss: { to: "(01) 234 56-72", caller_id: "01 2345678" } }
    fallback: { number: "0664 1234567" }
`;
  const { book, problems } = await readAgents({ 'agents.yaml': text }, { PHONE_COUNTRY: 'AT' });
  expect(problems).toEqual([]);
  const { numbers, destinations, fallback } = book?.find('+4312345678') ?? {};
  expect(numbers).toEqual(['+4312345678', '+4930901820']);
  expect(destinations?.get('boss')?.targets).toMatchObject([{ address: '+4312345672', callerId: '+4312345678' }]);
  expect(fallback?.number).toBe('+436641234567');
});

test('an agent declares names of its own for values, beside those of the environment', async () => {
  const text = `
agents:
  house: { default: true }
  sales:
    numbers: ["+43 1 2345678"]
    prompt: "The caller is {{customer}} on {{plan}}, with {{orders}} orders. VIP: {{vip}}."
    context: { plan: basic, orders: 0, vip: false, note: { file: note.txt } }
`;
  const settings = { CONTEXT_DEFAULTS: 'customer=our customer;plan=unknown' };
  const { book, problems } = await readAgents({ 'agents.yaml': text, 'note.txt': 'Two\nlines.\n' }, settings);
  expect(problems).toEqual([]);
  const house = { customer: 'our customer', plan: 'unknown' };
  expect(Object.fromEntries(book?.defaultAgent.contextDefaults ?? [])).toEqual(house);
  expect(Object.fromEntries(book?.find('+4312345678').contextDefaults ?? [])).toEqual({
    ...house,
    plan: 'basic',
    orders: '0',
    vip: 'false',
    note: 'Two lines.',
  });
});

test('JSON is read as well, and values of every form may stand in files, which may name others', async () => {
  const files = {
    'agents.yaml': '{ "$schema": "agents.schema.json", "agents": { "house": { "file": "house/agent.json" } } }',
    'house/agent.json':
      '{ "default": true, "tools": { "file": "tools.yaml" }, "fallback": { "voicemail_prompt": { "file": "ask.txt" } } }',
    'house/tools.yaml': '- weather\n- lookup_record\n',
    'house/ask.txt': 'Please speak.\n',
  };
  const { book, problems, files: read } = await readAgents(files, { ...env, FALLBACK_VOICEMAIL: 'true' });
  expect(problems).toEqual([]);
  expect(book?.defaultAgent).toMatchObject({ name: 'house', tools: ['weather', 'lookup_record'] });
  expect(book?.defaultAgent.fallback.voicemail?.prompt).toBe('Please speak.');
  expect(read).toEqual(['agents.yaml', 'house/agent.json', 'house/tools.yaml', 'house/ask.txt']);
});

test('what callers would hear in the wrong language, and a model that nobody knows, are warned of', async () => {
  const text = 'agents:\n  house: { default: true, language: fr, greeting: Bonjour., model: gemini-9-live }\n';
  const { book, warnings } = await readAgents({ 'agents.yaml': text }, { FILLER_PHRASE_FILE: 'english.wav' });
  expect(warnings).toEqual([
    'agents.yaml:2:27 agents.house.language is French, and callers would hear the words of the environment: say apology as well.',
    'agents.yaml:2:61 agents.house.model is "gemini-9-live", which Parley does not know: it is treated like gemini-3.8-live.',
  ]);
  // The phrase of the environment is in the language of the environment.
  expect(book?.defaultAgent.fillerPhraseFile).toBeNull();
});

test('no message holds a number or a word of a prompt', async () => {
  const text =
    'agents:\n  a: { numbers: ["+43123456789", "+43123456789", "98765 43210"], prompt: [Secretly], greeting: 12344321 }\n';
  const { problems } = await readAgents({ 'agents.yaml': text });
  expect(problems.length).toBeGreaterThan(2);
  expect(problems.join('\n')).not.toMatch(/43123456789|98765|12344321|Secretly/);
});
