import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { runCli } from './run-cli.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('a log that is not there is said in one line', () => {
  expect(runCli('inspect', 'nowhere.jsonl')).toMatchObject({
    code: 2,
    err: 'nowhere.jsonl cannot be read (ENOENT).\n',
  });
  expect(runCli('inspect')).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^Usage: npm run inspect -- <call>\n/),
  });
});

test('an empty log is said to be empty, and no audio is missed', (context) => {
  const path = join(temporaryFolder(context), 'call.jsonl');
  writeFileSync(path, '');
  expect(runCli('inspect', path)).toMatchObject({ code: 2, err: expect.stringMatching(/the file is empty\.?\n$/) });
});
