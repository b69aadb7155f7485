import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { agentsFileSchema } from '../../../src/agents/file/agents-schema.ts';

const published = fileURLToPath(new URL('../../../docs/agents.schema.json', import.meta.url));

test('the published schema is that by which the file is read (npx vitest run test/agents -u writes it)', async () => {
  await expect(`${JSON.stringify(agentsFileSchema(), null, 2)}\n`).toMatchFileSnapshot(published);
});

test('an editor that checks with it takes what is read, and files in the place of values', () => {
  const form = z.fromJSONSchema(JSON.parse(readFileSync(published, 'utf8')));
  const takes = (agent: unknown): boolean => form.safeParse({ agents: { sales: agent } }).success;
  expect(
    takes({ numbers: ['+43 1 2345678'], voice: 'Puck', tools: ['weather'], destinations: { boss: '+43 1 2345679' } }),
  ).toBe(true);
  expect(takes({ file: 'sales.yaml' })).toBe(true);
  expect(
    takes({
      numbers: { file: 'numbers.yaml' },
      prompt: { file: 'sales.md' },
      fallback: { voicemail_prompt: { file: 'ask.txt' } },
    }),
  ).toBe(true);
  expect(takes({ voise: 'Puck' })).toBe(false);
  expect(takes({ voice: 'Nobody' })).toBe(false);
  expect(takes({ prompt: { files: 'sales.md' } })).toBe(false);
  expect(takes({ fallback: { voicemail_max_seconds: 900 } })).toBe(false);
});
