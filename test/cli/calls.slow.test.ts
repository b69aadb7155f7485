import { expect, test } from 'vitest';
import { callsCommand } from '../../src/cli/calls.ts';
import { inspectCommand } from '../../src/cli/inspect.ts';
import { runHere } from './run-cli.ts';

const callSid = `CA${'0'.repeat(32)}`;

test('a journal that is not wanted is said in a line', async () => {
  const off = await runHere(inspectCommand, [callSid], { settings: { JOURNAL_FILE: 'off' } });
  expect(off).toMatchObject({ code: 2, err: 'JOURNAL_FILE is off, so no history of calls is kept.\n' });
});

test.for([
  ['--since', 'whenever', '--since wants a time'],
  ['--limit', '0', '--limit wants a whole number'],
  ['--nowhere', 'x', 'Usage: npm run calls'],
])('%s %s is refused with what is wanted', async ([option, value, words]) => {
  const { code, out, err } = await runHere(callsCommand, [option ?? '', value ?? '']);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toContain(words);
});
