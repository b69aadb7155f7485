import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { inspectCommand } from '../../src/cli/inspect.ts';
import { recordCall } from '../calllog/recorded-call.ts';
import { runHere, startCli } from './run-cli.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('a log that is not there is said in one line', async () => {
  expect(await runHere(inspectCommand, ['nowhere.jsonl'])).toMatchObject({
    code: 2,
    err: 'nowhere.jsonl cannot be read: it does not exist.\n',
  });
  expect(await runHere(inspectCommand, [])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^Usage: npm run inspect -- <call>\n/),
  });
});

test('an empty log is said to be empty, and no audio is missed', async (context) => {
  const path = join(temporaryFolder(context), 'call.jsonl');
  writeFileSync(path, '');
  expect(await runHere(inspectCommand, [path])).toMatchObject({
    code: 2,
    err: expect.stringMatching(/the file is empty\.?\n$/),
  });
});

test('a program that reads a call gets no colours', async (context) => {
  const { code, out } = await startCli('inspect', [await recordCall(context)], {});
  expect([code, out]).toEqual([0, expect.not.stringContaining('\u001b')]);
});
