import { copyFileSync, mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { callSid, recordCall } from '../calllog/recorded-call.ts';
import { inspectCommand } from '../../src/cli/inspect.ts';
import { runHere } from './run-cli.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('a call is told as a story with its figures, within 100 columns', async (context) => {
  const { code, out, err } = await runHere(inspectCommand, [await recordCall(context)]);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out.split('\n').filter((line) => line.length > 100)).toEqual([]);
  expect(out).toMatch(/^Call CA0123456789abcdef0123456789abcdef, 20/);
  expect(out).toContain('   2.36 s  agent   answers 820 ms after the caller stopped\n');
  expect(out).toContain('\nwaits      820 ms\n');
  expect(out).toContain('\nstreams    2\n');
  expect(out).toContain('\ntokens     no bill\n');
});

test('a comfort sound that is taken back is no barge-in', async () => {
  const { out } = await runHere(inspectCommand, ['fixtures/calls/no-answer-ever']);
  expect(out).toContain('\nbarge-ins  0\n');
});

test('a call of the demo is found by its CallSid, which stands in no journal', async (context) => {
  const path = await recordCall(context);
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, 'out', callSid), { recursive: true });
  for (const ending of ['jsonl', 'audio'])
    copyFileSync(path.replace(/jsonl$/, ending), join(folder, 'out', callSid, `call.${ending}`));
  const { code, out } = await runHere(inspectCommand, [callSid], { folder, settings: { JOURNAL_FILE: 'off' } });
  expect([code, out]).toEqual([0, expect.stringMatching(/^Call CA0123456789abcdef0123456789abcdef, 20/)]);
});

test('a call is written as a page and as sound, over nothing that is there', async (context) => {
  const path = await recordCall(context);
  const page = path.replace('.jsonl', '.html');
  const wav = path.replace('.jsonl', '.wav');
  expect(await runHere(inspectCommand, [path, '--html', '--wav', wav])).toEqual({
    code: 0,
    out: `Open it with a browser: ${page}\nListen to it: ${wav}\n`,
    err: '',
  });
  expect(readFileSync(page, 'utf8')).toContain('Butterfield Dental');
  expect(readFileSync(wav).subarray(0, 4).toString()).toBe('RIFF');
  expect([page, wav].map((file) => statSync(file).mode % 0o1000)).toEqual([0o600, 0o600]);
  expect(await runHere(inspectCommand, [path, '--html', wav])).toMatchObject({
    code: 2,
    err: `${wav} is there already, and nothing is written over it.\n`,
  });
});
