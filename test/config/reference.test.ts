import { readFileSync } from 'node:fs';

import { expect, test } from 'vitest';

import { loadConfig } from '../../src/config/load/load-config.ts';
import { environment } from '../../src/config/environment.ts';
import { configurationTables, envExample } from '../../src/config/reference.ts';

const docPath = new URL('../../docs/configuration.md', import.meta.url);

test('.env.example is what the table of variables says', async () => {
  await expect(envExample()).toMatchFileSnapshot('../../.env.example');
});

test('docs/configuration.md holds the tables of variables', async () => {
  const doc = readFileSync(docPath, 'utf8');
  const expected = doc.replace(
    /<!-- tables -->.*<!-- \/tables -->/s,
    () => `<!-- tables -->\n\n${configurationTables()}\n\n<!-- /tables -->`,
  );
  expect(expected).toContain(configurationTables());
  await expect(expected).toMatchFileSnapshot('../../docs/configuration.md');
});

test('every variable stands once in .env.example, and a default that is uncommented changes nothing', () => {
  const assignments = [...envExample().matchAll(/^#?([A-Z_]+)=(.*)$/gm)];
  expect(assignments.map(([, name]) => name)).toEqual(Object.keys(environment.shape));
  const env = Object.fromEntries(assignments.map(([, name, value]) => [name, value]));
  expect(loadConfig(env)).toEqual(loadConfig({}));
});
