import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { postgresStatementsFile } from '../../src/store/postgres/postgres-statements-file.ts';
import { statementsFile } from '../../src/store/sqlite/statements-file.ts';

test('the statements of the journal are what its queries and migrations say, in the words of SQLite', async () => {
  await expect(statementsFile()).toMatchFileSnapshot('../../src/store/sqlite/statements.ts');
});

test('they are the same in the words of PostgreSQL', async () => {
  await expect(postgresStatementsFile()).toMatchFileSnapshot('../../src/store/postgres/postgres-statements.ts');
});

test('the thread of the journal loads no builder of queries, which would be a quarter of an idle process', () => {
  const worker = new URL('../../src/store/sqlite/journal-worker.ts', import.meta.url);
  const loaded = new Set([worker.href]);
  for (const url of loaded) for (const other of url.startsWith('file:') ? importsOf(url) : []) loaded.add(other);
  expect([...loaded].filter((url) => url.startsWith('file:')).length).toBeGreaterThan(10);
  expect([...loaded].filter((url) => !url.startsWith('file:')).toSorted()).toEqual([
    'node:fs',
    'node:module',
    'node:path',
    'node:sqlite',
    'node:worker_threads',
  ]);
});

/** What a module loads, but for types: addresses of files, and names of others. */
function importsOf(url: string): string[] {
  const text = readFileSync(new URL(url), 'utf8');
  return [...text.matchAll(/^(?:import|export) (?!type )[^;]*?from '(.+?)';/gm)].map(([, from = '']) =>
    from.startsWith('.') ? new URL(from, url).href : from,
  );
}
