import { expect, test } from 'vitest';
import { startCli } from './run-cli.ts';

const callSid = `CA${'0'.repeat(32)}`;

test('a journal that is not wanted is said in a line', async () => {
  const off = await startCli('inspect', [callSid], { settings: { JOURNAL_FILE: 'off' } });
  expect(off).toMatchObject({ exitCode: 2, stderr: 'JOURNAL_FILE is off, so no history of calls is kept.\n' });
});

test.for([
  ['--since', 'whenever', '--since wants a time'],
  ['--limit', '0', '--limit wants a whole number'],
  ['--nowhere', 'x', 'Usage: npm run calls'],
])('%s %s is refused with what is wanted', async ([option, value, words]) => {
  const { exitCode, stdout, stderr } = await startCli('calls', [option ?? '', value ?? '']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
  expect(stderr).toContain(words);
});
