import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { until } from '../until.ts';
import { closed, closeMsMax, JournalScene, saidLine, takeOver } from './journal-scene.ts';

/** A file as it was made before there were migrations. */
const firstSchema = `
  PRAGMA journal_mode = WAL;
  CREATE TABLE calls (
    call_sid TEXT PRIMARY KEY,
    started_at_ms INTEGER NOT NULL,
    last_at_ms INTEGER NOT NULL,
    fence INTEGER NOT NULL,
    process TEXT NOT NULL,
    hold INTEGER NOT NULL,
    held_since_ms INTEGER NOT NULL,
    ended_reason TEXT,
    ended_at_ms INTEGER
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE entries (
    call_sid TEXT NOT NULL,
    fence INTEGER NOT NULL,
    n INTEGER NOT NULL,
    at_ms INTEGER NOT NULL,
    kind TEXT NOT NULL,
    json TEXT NOT NULL,
    PRIMARY KEY (call_sid, fence, n)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX calls_unfinished ON calls (last_at_ms) WHERE ended_at_ms IS NULL;
  CREATE INDEX calls_ended ON calls (ended_at_ms) WHERE ended_at_ms IS NOT NULL;
  PRAGMA application_id = 0x50726c79;
  PRAGMA user_version = 1;
`;

const firstRows = `
  INSERT INTO calls VALUES ('live', 1000, 1200, 1, 'p-1', 3, 1000, NULL, NULL), ('done', 500, 900, 2, 'p-1', 2, 600, 'callerHungUp', 900);
  INSERT INTO entries VALUES
    ('live', 1, 1, 1000, 'accepted', '{"from":"+15550101","to":null}'),
    ('live', 1, 2, 1200, 'said', '{"speaker":"caller","text":"hello","cut":false}'),
    ('done', 1, 1, 500, 'accepted', '{"from":null,"to":null}'),
    ('done', 2, 0, 600, 'takenOver', '{}'),
    ('done', 2, 1, 900, 'ended', '{"reason":"callerHungUp"}');
`;

/** A migration that only a newer version knows. */
const newerMigration = "INSERT INTO journal_migrations VALUES ('9999-newer', '2030-01-01T00:00:00.000Z')";

describe('a file of an older version', () => {
  test('is brought up to date where it is, and all that it holds can be used', async (context) => {
    const scene = new JournalScene(context);
    scene.run(firstSchema + firstRows);
    const [calls, entries] = [scene.rows('SELECT * FROM calls'), scene.rows('SELECT * FROM entries')];
    const journal = scene.open();
    expect((await journal.read('done'))?.ended).toEqual({ reason: 'callerHungUp', atMs: 900 });
    expect([scene.rows('SELECT * FROM calls'), scene.rows('SELECT * FROM entries')]).toEqual([calls, entries]);
    expect(scene.rows('SELECT name FROM journal_migrations')).toEqual([
      { name: '0001-calls-and-entries' },
      { name: '0002-history' },
    ]);
    expect(await journal.unfinished()).toEqual([{ callSid: 'live' }]);
    const taken = await takeOver(journal, 'live');
    if (taken.kind !== 'taken') throw new Error(`It was ${taken.kind}.`);
    taken.record.append(saidLine('go on'));
    taken.record.end('callerHungUp');
    expect((await journal.read('live'))?.entries).toMatchObject([
      { kind: 'accepted', from: '+15550101' },
      { text: 'hello' },
      { kind: 'takenOver', fence: 2 },
      { text: 'go on' },
      { kind: 'ended' },
    ]);
    expect(await journal.prune(0)).toBe(1);
    expect(journal.state).toMatchObject({ kind: 'open', movedAside: null, lastError: null });
  });

  test('has the same tables then as a new one', async (context) => {
    const scene = new JournalScene(context);
    const old = `${scene.file}.old`;
    scene.run(firstSchema, old);
    for (const file of [old, scene.file]) {
      const journal = scene.open({}, file);
      await journal.read('nobody');
      await closed(journal, closeMsMax);
    }
    const look = [
      "SELECT name, type, ncol, wr, strict FROM pragma_table_list WHERE schema = 'main' ORDER BY name",
      'SELECT m.name AS "table", c.* FROM sqlite_schema m, pragma_table_info(m.name) c ORDER BY m.name, c.cid',
      'SELECT m.name AS "table", i.* FROM sqlite_schema m, pragma_index_list(m.name) i ORDER BY m.name, i.name',
      'PRAGMA application_id',
      'PRAGMA user_version',
      'PRAGMA journal_mode',
    ];
    const seen = (file: string) => look.map((sql) => ({ sql, rows: scene.rows(sql, file) }));
    expect(seen(old)).toEqual(seen(scene.file));
  });

  test('is brought up to date once when two processes start', async (context) => {
    const scene = new JournalScene(context);
    scene.run(firstSchema + firstRows);
    const journals = [scene.open(), scene.open()];
    const calls = await Promise.all(journals.map((journal) => journal.read('live')));
    expect(calls.map((call) => call?.entries.length)).toEqual([2, 2]);
    expect(scene.rows('SELECT name FROM journal_migrations')).toHaveLength(2);
    expect(scene.log.named('journalRenewed')).toEqual([]);
  });
});

describe('a file of a newer version', () => {
  test.for([
    ['a migration', newerMigration],
    ['its number', 'PRAGMA user_version = 99'],
  ] as const)('is known by %s, and left as it is', async ([, becomeNewer], context) => {
    const scene = new JournalScene(context);
    const before = scene.open();
    await scene.wholeCall(before, 'CA1');
    await closed(before, closeMsMax);
    scene.run(becomeNewer);
    const bytes = readFileSync(scene.file);
    const journal = scene.open();
    scene.accept(journal, 'CA2').append(saidLine('hello'));
    await until('the refusal', () => journal.state.lastError !== null && journal.state.queuedEntries === 2);
    expect(journal.state).toMatchObject({ lastError: 'journal.otherVersion', movedAside: null, droppedEntries: 0 });
    expect(await journal.read('CA1')).toBeNull();
    await closed(journal, 0);
    expect(readdirSync(scene.folder)).toEqual(['journal.sqlite']);
    expect(readFileSync(scene.file).equals(bytes)).toBe(true);
  });

  test('that gives way to one of this version gets what waited', async (context) => {
    const scene = new JournalScene(context);
    const before = scene.open();
    await scene.wholeCall(before, 'CA1');
    await closed(before, closeMsMax);
    scene.run(newerMigration);
    const journal = scene.open();
    scene.accept(journal, 'CA2').append(saidLine('hello'));
    await until('the refusal', () => journal.state.kind === 'failing');
    scene.run("DELETE FROM journal_migrations WHERE name LIKE '9999%'");
    await until('the recovery', () => journal.state.kind === 'open' && journal.state.queuedEntries === 0);
    expect((await journal.read('CA2'))?.entries).toHaveLength(2);
    expect((await journal.read('CA1'))?.entries).toHaveLength(3);
  });
});
