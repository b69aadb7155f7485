import {
  closeSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { until } from '../until.ts';
import { closed, closeMsMax, JournalScene, saidLine, takeOver } from './journal-scene.ts';

const pageBytes = 4096;

describe('a file that is no journal', () => {
  test('where one was kept is moved aside as it was, and calls are written to a new one', async (context) => {
    const scene = new JournalScene(context);
    const garbage = 'This is not a database. '.repeat(1000);
    writeFileSync(scene.file, garbage);
    const journal = scene.open();
    await scene.wholeCall(journal, 'CA1');
    expect(journal.state).toMatchObject({ kind: 'open', movedAside: expect.stringContaining(`${scene.file}.aside-`) });
    expect(readFileSync(journal.state.movedAside ?? '', 'utf8')).toBe(garbage);
    expect(statSync(journal.state.movedAside ?? '').mode & 0o777).toBe(0o600);
    expect(scene.rows('SELECT ended_reason FROM calls')).toEqual([{ ended_reason: 'callerHungUp' }]);
    expect(scene.log.named('journalRenewed')).toMatchObject([{ level: 'warn', fault: 'journal.corrupt' }]);
  });

  test('but of another program is left alone, and calls go on without a journal', async (context) => {
    const scene = new JournalScene(context);
    scene.run('CREATE TABLE invoices (amount)');
    const journal = scene.open();
    scene.accept(journal, 'CA1');
    await until('the refusal', () => journal.state.kind === 'failing');
    expect(journal.state).toMatchObject({ lastError: 'journal.unusable', movedAside: null });
    expect(readdirSync(scene.folder)).toEqual(['journal.sqlite']);
  });
});

describe('a page that was overwritten in the middle of the file', () => {
  test('is found when the journal is opened', async (context) => {
    const scene = new JournalScene(context);
    await longJournal(scene);
    const bytes = readFileSync(scene.file);
    overwritePage(scene.file, Math.floor(bytes.length / pageBytes / 2));
    const journal = scene.open();
    await scene.wholeCall(journal, 'CA100');
    expect(scene.log.named('journalRenewed')).toMatchObject([{ fault: 'journal.corrupt' }]);
    expect(statSync(journal.state.movedAside ?? '').size).toBe(bytes.length);
    expect(await journal.read('CA1')).toBeNull();
    expect((await journal.read('CA100'))?.entries).toHaveLength(3);
  });

  test('while calls live costs the file, and the new one holds what restores them', async (context) => {
    const scene = new JournalScene(context);
    await longJournal(scene);
    const journal = scene.open();
    const record = scene.accept(journal, 'live');
    record.append({ kind: 'handle', handle: 'h-1', model: 'gemini' });
    record.append(saidLine('before'));
    await journal.read('live');
    // Pages are read anew after somebody else has written.
    scene.run('UPDATE calls SET last_at_ms = last_at_ms; PRAGMA wal_checkpoint(TRUNCATE)');
    for (let page = 2; page <= statSync(scene.file).size / pageBytes; page += 1) overwritePage(scene.file, page);
    record.append(saidLine('after'));
    await until('the new file', () => journal.state.movedAside !== null);
    const call = await journal.read('live');
    expect(call?.entries.map(({ kind }) => kind).toSorted()).toEqual(['accepted', 'handle', 'said']);
    expect(call?.entries.find(({ kind }) => kind === 'said')).toMatchObject({ text: 'after' });
    expect(journal.state).toMatchObject({ kind: 'open', queuedEntries: 0, droppedEntries: 0 });
  });
});

describe('a file that another program does not let go of', () => {
  test('is left where it is at the start, and has everything once that program lets go of it', async (context) => {
    const scene = new JournalScene(context);
    const first = scene.open();
    await scene.wholeCall(first, 'CA1');
    await closed(first, closeMsMax);
    const other = new DatabaseSync(scene.file);
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE; UPDATE calls SET started_at_ms = 7');

    const journal = scene.open();
    scene.accept(journal, 'CA2').end('hungUp');
    await until('the failure', () => journal.state.kind === 'failing');
    expect(journal.state).toMatchObject({ lastError: 'journal.locked', movedAside: null });
    other.exec('COMMIT');
    other.close();
    await until('the recovery', () => journal.state.kind === 'open' && journal.state.queuedEntries === 0);
    await closed(journal, closeMsMax);
    expect(scene.rows('SELECT call_sid FROM calls')).toEqual([{ call_sid: 'CA1' }, { call_sid: 'CA2' }]);
    expect(scene.log.named('journalRenewed')).toEqual([]);
  });

  test('later is waited for, and then has everything', async (context) => {
    const scene = new JournalScene(context);
    const journal = scene.open();
    const record = scene.accept(journal, 'CA1');
    await journal.read('CA1');
    const other = new DatabaseSync(scene.file);
    other.exec('BEGIN IMMEDIATE');
    record.append(saidLine('meanwhile'));
    await until('the failure', () => journal.state.kind === 'failing');
    expect(journal.state).toMatchObject({ lastError: 'journal.locked', movedAside: null, queuedEntries: 1 });
    other.exec('ROLLBACK');
    other.close();
    await until('the recovery', () => journal.state.kind === 'open' && journal.state.queuedEntries === 0);
    expect((await journal.read('CA1'))?.entries.at(-1)).toMatchObject({ text: 'meanwhile' });
    expect(scene.log.named('journalFailing')).toMatchObject([{ fault: 'journal.locked' }]);
    expect(scene.log.named('journalRecovered')).toHaveLength(1);
  });
});

describe('a place where no file can be', () => {
  test.for([
    ['a folder stands there', (file: string) => mkdirSync(file, { recursive: true })],
    ['its folder is a file', (file: string) => writeFileSync(dirname(file), '')],
  ] as const)('because %s does calls no harm, and is tried again', async ([, spoil], context) => {
    const scene = new JournalScene(context);
    const file = join(scene.folder, 'place', 'journal.sqlite');
    spoil(file);
    const journal = scene.open({}, file);
    const record = scene.accept(journal, 'CA1');
    // A thread that is slow to start counts as failing too, and has no error to show.
    await until('the failure', () => journal.state.lastError !== null);
    expect(journal.state).toMatchObject({ kind: 'failing', lastError: 'journal.unusable', movedAside: null });
    record.append(saidLine('hello'));
    rmSync(join(scene.folder, 'place'), { recursive: true });
    await until('the recovery', () => journal.state.kind === 'open');
    expect((await journal.read('CA1'))?.entries).toHaveLength(2);
  });
});

// The greatest size of the file fails with the same error, at the same place, as a full disk.
describe('a full disk', () => {
  test('makes entries wait, and they are caught up with when there is room', async (context) => {
    const scene = new JournalScene(context);
    const journal = scene.open({ fileBytesMax: 90 * pageBytes });
    await journal.read('nobody');
    scene.run(`CREATE TABLE filler (x); INSERT INTO filler VALUES (zeroblob(${70 * pageBytes}))`);
    const record = scene.accept(journal, 'CA1');
    // More than there is room for now, and less than there will be.
    const entries = 1 + 40;
    for (let line = 1; line < entries; line += 1) record.append(saidLine('x'.repeat(2000)));
    await until('the file to be full', () => journal.state.kind === 'failing');
    expect(journal.state).toMatchObject({ lastError: 'journal.full', movedAside: null });
    expect(journal.state.queuedEntries).toBeGreaterThan(0);
    record.end('callerHungUp');
    scene.run('DROP TABLE filler');
    await until('the recovery', () => journal.state.kind === 'open' && journal.state.queuedEntries === 0);
    expect(journal.state.droppedEntries).toBe(0);
    const call = await journal.read('CA1');
    expect(call?.ended).toMatchObject({ reason: 'callerHungUp' });
    expect(call?.entries.map(({ n }) => n)).toEqual(Array.from({ length: entries + 1 }, (_, index) => index + 1));
  });

  test('that lasts costs words, and neither beginnings nor ends of calls', async (context) => {
    const scene = new JournalScene(context);
    const journal = scene.open({ fileBytesMax: 60 * pageBytes, queue: { items: 60, bytes: 1_000_000 } });
    await journal.read('nobody');
    scene.run(`CREATE TABLE filler (x); INSERT INTO filler VALUES (zeroblob(${60 * pageBytes}))`);
    for (let call = 0; call < 20; call += 1) {
      const record = scene.accept(journal, `CA${call}`);
      for (let line = 0; line < 20; line += 1) record.append(saidLine('x'.repeat(2000)));
      record.end('callerHungUp');
    }
    await until('the failure', () => journal.state.kind === 'failing');
    expect(journal.state.queuedEntries).toBeLessThanOrEqual(60);
    expect(journal.state.droppedEntries).toBeGreaterThan(300);
    expect(scene.log.named('journalDrops')).toHaveLength(1);
    scene.run('DROP TABLE filler');
    await until('the recovery', () => journal.state.kind === 'open' && journal.state.queuedEntries === 0);
    const ended = await Promise.all(Array.from({ length: 20 }, (_, call) => journal.read(`CA${call}`)));
    expect(ended.map((call) => call?.ended?.reason)).toEqual(ended.map(() => 'callerHungUp'));
  });
});

describe('a file that is taken away under a journal', () => {
  test('is noticed, and calls that live go on in a new one, also those that were taken over', async (context) => {
    const scene = new JournalScene(context);
    const before = scene.open();
    const begun = scene.accept(before, 'begun');
    begun.append({ kind: 'handle', handle: 'h-1', model: 'gemini' });
    begun.append({ kind: 'handle', handle: 'h-2', model: 'gemini' });
    await closed(before, closeMsMax);
    const journal = scene.open();
    scene.accept(journal, 'ended').end('callerHungUp');
    const record = scene.accept(journal, 'own');
    await journal.read('own');
    const taken = await takeOver(journal, 'begun');

    for (const name of readdirSync(scene.folder))
      renameSync(join(scene.folder, name), join(scene.folder, `old-${name}`));
    record.append(saidLine('after'));
    await until('the new file', () => scene.log.named('journalRenewed').length > 0);
    await closed(journal, closeMsMax);
    expect(taken.kind).toBe('taken');
    expect(scene.rows('SELECT call_sid, kind FROM entries ORDER BY call_sid, kind')).toEqual([
      { call_sid: 'begun', kind: 'accepted' },
      { call_sid: 'begun', kind: 'handle' },
      { call_sid: 'own', kind: 'accepted' },
      { call_sid: 'own', kind: 'said' },
    ]);
    expect(scene.rows("SELECT json FROM entries WHERE kind = 'handle'")).toMatchObject([
      { json: expect.stringContaining('h-2') },
    ]);
    expect(scene.log.named('journalRenewed')).toMatchObject([{ fault: 'journal.gone', movedTo: null }]);
  });
});

function overwritePage(file: string, page: number): void {
  const descriptor = openSync(file, 'r+');
  writeSync(descriptor, Buffer.alloc(pageBytes, 0xa5), 0, pageBytes, (page - 1) * pageBytes);
  closeSync(descriptor);
}

/** Has many more pages than are read at once. */
async function longJournal(scene: JournalScene): Promise<void> {
  const journal = scene.open();
  for (let call = 0; call < 40; call += 1) {
    const record = scene.accept(journal, `CA${call}`);
    for (let line = 0; line < 20; line += 1) record.append(saidLine(`words ${'and more '.repeat(20)}`));
  }
  await closed(journal, closeMsMax);
}
