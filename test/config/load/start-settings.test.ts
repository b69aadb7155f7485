import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import { startSettings } from '../../../src/config/load/start-settings.ts';
import { ParleyError } from '../../../src/errors.ts';
import { temporaryFolder } from '../../temporary-folder.ts';

const notes = 'Call the printer about the new leaflets.\n';

describe('a JOURNAL_FILE that never was a journal', () => {
  test('keeps a service from starting, and is left as it is', async (context) => {
    const folder = temporaryFolder(context, { 'notes.txt': notes });
    const path = join(folder, 'notes.txt');
    expect(await refusalOf({ JOURNAL_FILE: path, PORT: 'x' })).toEqual([
      expect.stringContaining('PORT is "x"'),
      `JOURNAL_FILE names ${path}, which is no journal but another file; name one that is not there yet.`,
    ]);
    expect(readdirSync(folder)).toEqual(['notes.txt']);
    expect(readFileSync(path, 'utf8')).toBe(notes);
  });

  test('may be that of a worker', async (context) => {
    const folder = temporaryFolder(context, { 'notes.txt': notes, 'notes.w1.txt': notes });
    expect(await refusalOf({ JOURNAL_FILE: join(folder, 'notes.txt'), WORKERS: '2' })).toEqual([
      expect.stringContaining(`JOURNAL_FILE gives a worker ${join(folder, 'notes.w1.txt')}, which is no journal`),
    ]);
  });

  test("is nobody's concern where a database keeps the journal", async (context) => {
    const folder = temporaryFolder(context, { 'notes.txt': notes });
    const database = { DATABASE_URL: 'postgres://localhost/parley' };
    expect(await refusalOf({ ...database, JOURNAL_FILE: join(folder, 'notes.txt') })).toEqual([]);
  });
});

test.for<[string, string | Uint8Array]>([
  ['is empty', ''],
  ['holds a database', 'SQLite format 3\0 and more'],
  ['holds the beginning of one', 'SQLite'],
  ['holds a journal whose first byte is damaged', damagedJournal()],
  ['begins with the zeros that a crash leaves', Buffer.concat([Buffer.alloc(4096), Buffer.from('calls')])],
])('a file that %s may be a journal', async ([, content], context) => {
  expect(await refusalOf({ JOURNAL_FILE: fileWith(context, content) })).toEqual([]);
});

test("a file with SQLite's log beside it may be a journal", async (context) => {
  const folder = temporaryFolder(context, { 'journal.sqlite': 'damaged', 'journal.sqlite-wal': '' });
  expect(await refusalOf({ JOURNAL_FILE: join(folder, 'journal.sqlite') })).toEqual([]);
});

test('what is no file, or cannot be reached, is left to whoever opens it', async (context) => {
  const folder = temporaryFolder(context, { 'locked/journal.sqlite': notes });
  mkdirSync(join(folder, 'folder'));
  symlinkSync('loop', join(folder, 'loop'));
  chmodSync(join(folder, 'locked'), 0o000);
  context.onTestFinished(() => chmodSync(join(folder, 'locked'), 0o700));
  const places = ['folder', 'nowhere', 'nowhere/journal.sqlite', 'loop', 'loop/journal.sqlite', 'x'.repeat(300)];
  // Nothing is locked for root.
  const locked = process.getuid?.() === 0 ? [] : ['locked/journal.sqlite'];
  for (const name of [...places, ...locked]) expect(await refusalOf({ JOURNAL_FILE: join(folder, name) })).toEqual([]);
});

test('the files that settings name are judged although settings are wrong', async (context) => {
  const folder = temporaryFolder(context, {
    'agents.yaml': 'agents:\n  front:\n    default: true\n    voice: Nobody\n',
    'phrase.wav': 'no sound',
  });
  const [agents, phrase] = [join(folder, 'agents.yaml'), join(folder, 'phrase.wav')];
  const files = { AGENTS_FILE: agents, FILLER_PHRASE_FILE: phrase };
  const wrongFiles = [
    expect.stringContaining(`FILLER_PHRASE_FILE names ${phrase}, which is no WAV file`),
    expect.stringContaining(`${agents}:4:5 agents.front.voice is "Nobody"`),
  ];
  expect(await refusalOf({ ...files, PORT: 'x' })).toEqual([expect.stringContaining('PORT is "x"'), ...wrongFiles]);
  expect(await refusalOf(files)).toEqual(wrongFiles);
});

test('agents are not judged by settings that are wrong', async (context) => {
  const text = 'agents:\n  front:\n    default: true\n    greeting: Hello, {{who}}!\n';
  const AGENTS_FILE = join(temporaryFolder(context, { 'agents.yaml': text }), 'agents.yaml');
  expect(await refusalOf({ AGENTS_FILE, CONTEXT_DEFAULTS: 'who' })).toEqual([
    expect.stringContaining('CONTEXT_DEFAULTS '),
  ]);
});

test.for<[string, string, RegExp]>([
  ['missing', 'none.yaml', /none\.yaml, which cannot be read: it does not exist/],
  ['no YAML', 'agents.yaml', /agents\.yaml:3:1 the file lacks a sign/],
])('an agents file that is %s is told of, whatever the settings say', async ([, name, fault], context) => {
  const AGENTS_FILE = join(temporaryFolder(context, { 'agents.yaml': 'agents:\n  front: "\n' }), name);
  expect(await refusalOf({ AGENTS_FILE, CONTEXT_DEFAULTS: 'who' })).toEqual([
    expect.stringContaining('CONTEXT_DEFAULTS '),
    expect.stringMatching(fault),
  ]);
});

test.for<[string, Readonly<Record<string, string>>]>([
  ['a setting', { TRANSFER_DESTINATIONS: 'support=5550100' }],
  ['a missing file', { TRANSFER_DESTINATIONS_FILE: '/nowhere/people.yaml' }],
  ['a wrong file', { TRANSFER_DESTINATIONS_FILE: 'people.yaml' }],
])('an agent that transfers is not blamed for the destinations of %s', async ([, env], context) => {
  const folder = temporaryFolder(context, {
    'agents.yaml': 'agents:\n  front:\n    default: true\n    tools: [transfer_call]\n',
    'people.yaml': 'support: 5550100\n',
  });
  const file = env.TRANSFER_DESTINATIONS_FILE;
  const people = file === undefined ? {} : { TRANSFER_DESTINATIONS_FILE: resolve(folder, file) };
  const lines = await refusalOf({ ...env, ...people, AGENTS_FILE: join(folder, 'agents.yaml') });
  expect(lines).toEqual([expect.stringMatching(/TRANSFER_DESTINATIONS|people\.yaml:1:/)]);
});

/** The header of a journal, of which nothing but the first byte is wrong. */
function damagedJournal(): Uint8Array {
  const header = Buffer.alloc(100);
  header.write('XQLite format 3\0');
  header.write('Prly', 68);
  return header;
}

function fileWith(context: TestContext, content: string | Uint8Array): string {
  return join(temporaryFolder(context, { 'journal.sqlite': content }), 'journal.sqlite');
}

/** The lines with which a start is refused; none when it is not. */
async function refusalOf(env: Readonly<Record<string, string>>): Promise<readonly string[]> {
  try {
    await startSettings({ PARLEY_ENV_FILE: 'off', ...env });
    return [];
  } catch (error) {
    if (error instanceof ParleyError && error.code === 'config.invalid') return error.message.split('\n');
    throw error;
  }
}
