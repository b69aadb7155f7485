import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import { startSettings } from '../../../src/config/load/start-settings.ts';
import { ParleyError } from '../../../src/errors.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const notes = 'Call the printer about the new leaflets.\n';

describe('a JOURNAL_FILE that never was a journal', () => {
  test('keeps a service from starting, and is left as it is', (context) => {
    const folder = temporaryFolder(context, { 'notes.txt': notes });
    const path = join(folder, 'notes.txt');
    expect(refusalOf({ JOURNAL_FILE: path, PORT: 'x' })).toEqual([
      expect.stringContaining('PORT is "x"'),
      `JOURNAL_FILE names ${path}, which is no journal but another file; name one that is not there yet.`,
    ]);
    expect(readdirSync(folder)).toEqual(['notes.txt']);
    expect(readFileSync(path, 'utf8')).toBe(notes);
  });

  test('may be that of a worker', (context) => {
    const folder = temporaryFolder(context, { 'notes.txt': notes, 'notes.w1.txt': notes });
    expect(refusalOf({ JOURNAL_FILE: join(folder, 'notes.txt'), WORKERS: '2' })).toEqual([
      expect.stringContaining(join(folder, 'notes.w1.txt')),
    ]);
  });

  test("is nobody's concern where a database keeps the journal", (context) => {
    const folder = temporaryFolder(context, { 'notes.txt': notes });
    const database = { DATABASE_URL: 'postgres://localhost/parley' };
    expect(refusalOf({ ...database, JOURNAL_FILE: join(folder, 'notes.txt') })).toEqual([]);
  });
});

test.for<[string, string | Uint8Array]>([
  ['is empty', ''],
  ['holds a database', 'SQLite format 3\0 and more'],
  ['holds the beginning of one', 'SQLite'],
  ['begins with the zeros that a crash leaves', Buffer.concat([Buffer.alloc(4096), Buffer.from('calls')])],
])('a file that %s may be a journal', ([, content], context) => {
  expect(refusalOf({ JOURNAL_FILE: fileWith(context, content) })).toEqual([]);
});

test('what is no file is left to whoever opens it', (context) => {
  const folder = temporaryFolder(context);
  mkdirSync(join(folder, 'folder'));
  for (const name of ['folder', 'nowhere', 'nowhere/journal.sqlite'])
    expect(refusalOf({ JOURNAL_FILE: join(folder, name) })).toEqual([]);
});

function fileWith(context: TestContext, content: string | Uint8Array): string {
  return join(temporaryFolder(context, { 'journal.sqlite': content }), 'journal.sqlite');
}

/** The lines with which a start is refused; none when it is not. */
function refusalOf(env: Readonly<Record<string, string>>): readonly string[] {
  try {
    startSettings({ PARLEY_ENV_FILE: 'off', ...env });
    return [];
  } catch (error) {
    if (error instanceof ParleyError && error.code === 'config.invalid') return error.message.split('\n');
    throw error;
  }
}
