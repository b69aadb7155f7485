import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeSeedPage } from '../../../src/cli/simulate/seed-page.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

test('the call of a seed is kept as a log and as a page, and again when the code has changed', async (context) => {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, 'seed-13'));
  writeFileSync(join(folder, 'seed-13', 'call.html'), 'an older call');
  const page = await writeSeedPage(13, folder);
  expect(page).toBe(join(folder, 'seed-13', 'call.html'));
  expect(readFileSync(page, 'utf8')).toContain('The call of seed 13.');
  expect(readFileSync(join(folder, 'seed-13', 'call.jsonl'), 'utf8')).toContain('The call of seed 13.');
});
