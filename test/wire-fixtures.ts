import { readdirSync, readFileSync } from 'node:fs';
import { standardSetup } from '../src/gemini/setup-settings.ts';
import type { AgentSetup } from '../src/gemini/setup.ts';

/** The agent whose messages the real SDK wrote into the fixtures. */
export const recordedAgent: AgentSetup = {
  model: 'gemini-3.8-live',
  systemInstruction: 'You answer the order desk.',
  voice: 'Kore',
  tools: [
    {
      name: 'lookup_record',
      description: 'Looks up an order.',
      behavior: 'blocking',
      parameters: { type: 'object', properties: { query: { type: 'string' } }, required: ['query'] },
    },
    {
      name: 'end_call',
      description: 'Ends the call.',
      behavior: 'nonBlocking',
      parameters: { type: 'object', properties: {} },
    },
  ],
  settings: standardSetup,
};

/** Every field of generation that an admin may add, as it stands in a setup. */
export const generationFields = {
  temperature: 0.7,
  topP: 0.9,
  topK: 40,
  maxOutputTokens: 2000,
  candidateCount: 1,
  presencePenalty: -1,
  frequencyPenalty: 0.5,
  mediaResolution: 'MEDIA_RESOLUTION_LOW',
  seed: 7,
};

/** The messages of one folder of fixtures/wire by name: `to-…` are those that we send, the others those that we receive. */
export function wireFixtures(remote: 'twilio' | 'gemini'): ReadonlyMap<string, string> {
  const folder = new URL(`../fixtures/wire/${remote}/`, import.meta.url);
  return new Map(
    readdirSync(folder).map((file) => [file.replace(/\.json$/, ''), readFileSync(new URL(file, folder), 'utf8')]),
  );
}
