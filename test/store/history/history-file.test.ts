import { closeSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test, type TestContext } from 'vitest';
import { anyCall, type CallHistory } from '../../../src/store/history/call-history.ts';
import { HistoryFile } from '../../../src/store/sqlite/history-file.ts';
import { historyInFile } from '../../../src/store/sqlite/open-history.ts';
import { closed, closeMsMax, JournalScene, saidLine } from '../journal-scene.ts';
import { historyContract, minuteMs } from './history-contract.ts';
import { type WrittenCall, writeCalls } from './written-calls.ts';

const whole = { after: null, limit: 200 };

describe('read where the file is', () => {
  historyContract(async (context, calls) => readFile(context, await written(context, calls)));
});

test('a thread of its own answers as the file does', async (context) => {
  const scene = new JournalScene(context);
  await emptied(scene, ['CA1', 'CA2']);
  const [file, thread] = [readFile(context, scene.file), readThread(context, scene.file)];
  for (const place of [whole, { after: null, limit: 1 }])
    expect(await thread.list(anyCall, place)).toEqual(await file.list(anyCall, place));
  expect(await thread.find('CA1')).toEqual(await file.find('CA1'));
  expect(await thread.find('CA9')).toBeNull();
});

describe('a journal that cannot be read as it should', () => {
  test('is empty while there is none, and read as soon as there is one', async (context) => {
    const scene = new JournalScene(context);
    const history = readFile(context, scene.file);
    expect(await history.list(anyCall, whole)).toMatchObject({
      calls: [],
      missing: expect.stringContaining('no journal'),
    });
    await scene.wholeCall(scene.open(), 'CA1');
    expect((await history.list(anyCall, whole)).calls).toHaveLength(1);
  });

  test('of an older version is told of all the same, and left as it is', async (context) => {
    const scene = new JournalScene(context);
    await emptied(scene, ['CA1', 'CA2']);
    scene.run(
      "DROP TABLE history; DROP INDEX calls_started; DELETE FROM journal_migrations WHERE name = '0002-history'",
    );
    const { calls, missing } = await readFile(context, scene.file).list({ ...anyCall, number: '0101' }, whole);
    expect(calls).toMatchObject([
      { callSid: 'CA2', why: 'The caller hung up.' },
      { callSid: 'CA1', from: '+15550101' },
    ]);
    expect(missing).toContain('An older version');
    expect(scene.rows("SELECT name FROM sqlite_schema WHERE name = 'history'")).toEqual([]);
  });

  test('of a newer version is told of as far as it can be', async (context) => {
    const scene = new JournalScene(context);
    await emptied(scene, ['CA1']);
    scene.run("INSERT INTO journal_migrations VALUES ('9999-newer', '2030-01-01T00:00:00.000Z')");
    const { calls, missing } = await readFile(context, scene.file).list(anyCall, whole);
    expect(calls).toHaveLength(1);
    expect(missing).toContain('A newer version');
  });

  test('and is damaged, is told of up to the damage', async (context) => {
    const scene = new JournalScene(context);
    await emptied(
      scene,
      Array.from({ length: 150 }, (_, index) => `CA${String(index).padStart(4, '0')}`),
    );
    spoilRow(scene, 'CA0000');
    const { calls, missing } = await readFile(context, scene.file).list(anyCall, whole);
    expect(calls.length).toBeGreaterThan(0);
    expect(calls.length).toBeLessThan(150);
    expect(calls[0]?.callSid).toBe('CA0149');
    expect(missing).toContain('damaged');
  });

  test.for<[string, (scene: JournalScene) => void, string, string]>([
    ['no database', ({ file }) => writeFileSync(file, 'x'.repeat(9_000)), 'journal.corrupt', 'is damaged'],
    [
      'a database of another program',
      (scene) => scene.run('CREATE TABLE t (x)'),
      'journal.unusable',
      'another program',
    ],
    ['locked', lock, 'journal.locked', 'Another program holds'],
  ])('because it is %s, says so', async ([, spoil, code, words], context) => {
    const scene = new JournalScene(context);
    if (spoil === lock) await emptied(scene, ['CA1']);
    spoil(scene);
    const history = readThread(context, scene.file);
    await expect(history.list(anyCall, whole)).rejects.toMatchObject({ code, message: expect.stringContaining(words) });
  });
});

describe('a search that takes too long', () => {
  test('is given up, and the next one is answered', async (context) => {
    const scene = new JournalScene(context);
    await emptied(scene, ['CA1']);
    const history = readThread(context, scene.file, 1);
    await expect(history.list(anyCall, whole)).rejects.toThrow('took too long');
    const patient = readThread(context, scene.file);
    expect((await patient.list(anyCall, whole)).calls).toHaveLength(1);
  });

  test('does not let questions pile up', async (context) => {
    const scene = new JournalScene(context);
    const history = readThread(context, scene.file);
    const asked = await Promise.allSettled(Array.from({ length: 30 }, () => history.find('CA1')));
    expect(asked.filter(({ status }) => status === 'rejected')).toHaveLength(10);
  });
});

test('of what was said and is not to be kept, the file holds nothing when the call is over', async (context) => {
  const scene = new JournalScene(context);
  const journal = scene.open({}, scene.file, undefined, false);
  const live = scene.accept(journal, 'live');
  live.append(saidLine('a secret word'));
  live.append({ kind: 'context', values: { customer: 'a known caller' } });
  live.append({ kind: 'state', phase: 'dial', facts: { transfer: { reason: 'a private matter' } } });
  await journal.read('live');
  live.end('callerHungUp');
  await closed(journal, closeMsMax);
  for (const words of ['a secret word', 'a known caller', 'a private matter'])
    expect(readFileSync(scene.file).includes(words)).toBe(false);
});

function readFile(context: TestContext, file: string): CallHistory {
  const history = new HistoryFile(file);
  context.onTestFinished(() => history.close());
  return history;
}

function readThread(context: TestContext, file: string, answerMsMax = 60_000): CallHistory {
  const history = historyInFile(file, answerMsMax);
  context.onTestFinished(() => history.close());
  return history;
}

/** A journal that holds these calls, and that nobody has open any more. */
async function written(context: TestContext, calls: readonly WrittenCall[]): Promise<string> {
  const { file } = new JournalScene(context);
  await writeCalls(file, calls, minuteMs);
  return file;
}

/** Whole calls in a file that holds all of it: nothing is left in the log beside it. */
async function emptied(scene: JournalScene, callSids: readonly string[]): Promise<void> {
  const entries = [saidLine('hello')];
  await writeCalls(
    scene.file,
    callSids.map((callSid) => ({ callSid, from: '+15550101', entries, end: 'callerHungUp' })),
    1,
  );
  scene.run('PRAGMA wal_checkpoint(TRUNCATE)');
}

/** Writes nonsense over the page on which the history of a call stands. */
function spoilRow({ file }: JournalScene, callSid: string): void {
  const bytes = readFileSync(file);
  const [pageBytes, root] = [4096, rootOf(file)];
  const pages = Array.from({ length: statSync(file).size / pageBytes }, (_, index) => index);
  const holds = (index: number): boolean =>
    bytes.subarray(index * pageBytes, (index + 1) * pageBytes).includes(callSid);
  // The pages of the history hold its words.
  const isOfHistory = (index: number): boolean =>
    index !== root && bytes.subarray(index * pageBytes, (index + 1) * pageBytes).includes('The caller hung up.');
  const page = pages.find((index) => isOfHistory(index) && holds(index));
  if (page === undefined) throw new Error('There is no such page.');
  const handle = openSync(file, 'r+');
  writeSync(handle, Buffer.alloc(64, 0xff), 0, 64, page * pageBytes);
  closeSync(handle);
}

function rootOf(file: string): number {
  const db = new DatabaseSync(file);
  try {
    return Number(db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'history'").get()?.['rootpage']) - 1;
  } finally {
    db.close();
  }
}

function lock({ file }: JournalScene): void {
  const db = new DatabaseSync(file);
  db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  locks.add(db);
}

/** They hold their files until the tests are over. */
const locks = new Set<DatabaseSync>();
