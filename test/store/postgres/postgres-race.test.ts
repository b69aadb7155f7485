import { describe, expect, test } from 'vitest';
import { entryJson, type JournalEntry } from '../../../src/store/journal-entry.ts';
import type { JournalItem } from '../../../src/store/journal-job.ts';
import { connectPostgres } from '../../../src/store/postgres/postgres-connection.ts';
import { PostgresTables } from '../../../src/store/postgres/postgres-tables.ts';
import { testDatabase } from '../../test-database.ts';
import { closed, closeMsMax, parties, saidLine, settled, takeOver } from '../journal-scene.ts';
import { PostgresScene } from './postgres-scene.ts';

const isMissing = (await testDatabase()) === null;

const startMs = Date.UTC(2026, 10, 20, 12);

describe.skipIf(isMissing)('processes that want the same call at the same moment', () => {
  test('take it over one after the other, and only the last may write', async (context) => {
    const scene = new PostgresScene(context);
    const names = ['a', 'b', 'c', 'd'];
    const places = names.map((name) => scene.place(name));
    await places[0]?.write([item({})]);
    for (let round = 0; round < 10; round += 1) {
      const taken = await Promise.all(places.map((place) => place.takeOver('CA1', round + 2, startMs + round)));
      const fences = taken.map((call) => call?.fence ?? 0);
      const first = 2 + round * names.length;
      expect(fences.toSorted((a, b) => a - b)).toEqual(names.map((_, index) => first + index));
      const refused = await Promise.all(
        places.map((place) =>
          place.write([item({ hold: round + 2, heldSinceMs: startMs + round }, saidLine(`round ${round}`))]),
        ),
      );
      expect(refused.map((holds) => holds.length === 0)).toEqual(
        fences.map((fence) => fence === first + names.length - 1),
      );
    }
  });

  test('accept it twice, and it belongs to the later acceptance', async (context) => {
    const scene = new PostgresScene(context);
    const [a, b] = [scene.place('a'), scene.place('b')];
    for (let round = 0; round < 20; round += 1) {
      const callSid = `CA${round}`;
      const [ofA, ofB] = await Promise.all([
        a.write([item({ callSid, hold: round })]),
        b.write([item({ callSid, hold: round, heldSinceMs: startMs + 1 }, saidLine('later'))]),
      ]);
      expect(ofB).toEqual([]);
      // The earlier one may have come first or second.
      expect([[], [round]]).toContainEqual(ofA);
      expect(await a.write([item({ callSid, hold: round, n: 2 })])).toEqual([round]);
    }
  });

  test('wait no longer than a second for one that stands still in the middle of a write', async (context) => {
    const scene = new PostgresScene(context);
    const [a, b] = [scene.place('a'), scene.place('b')];
    await a.write([item({})]);
    const client = await connectPostgres(await scene.address());
    context.onTestFinished(() => client.end());
    const tables = new PostgresTables(client);
    const [hasTouched, goesOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const written = tables.transaction(async () => {
      await tables.run('touchCall', { callSid: 'CA1', process: 'a', hold: 1, atMs: startMs + 1 });
      hasTouched.resolve();
      await goesOn.promise;
    });
    await hasTouched.promise;
    expect(await b.takeOver('CA1', 1, startMs + 2)).toMatchObject({ fence: 2 });
    goesOn.resolve();
    // The server has ended its connection, so nothing of it was kept.
    await expect(written).rejects.toBeInstanceOf(Error);
    expect(await a.write([item({ n: 2 })])).toEqual([1]);
  });

  test('and wait for each other in a circle both get to their end', async (context) => {
    const scene = new PostgresScene(context);
    await scene.place('a').write([item({ callSid: 'CA1' }), item({ callSid: 'CA2' })]);
    const met = Promise.withResolvers<void>();
    let coming = 0;
    const touched = async (callSids: readonly [string, string]): Promise<void> => {
      const client = await connectPostgres(await scene.address());
      context.onTestFinished(() => client.end());
      const tables = new PostgresTables(client);
      const touch = (callSid: string) => tables.run('touchCall', { callSid, process: 'a', hold: 1, atMs: startMs + 1 });
      await tables.transaction(async () => {
        await touch(callSids[0]);
        coming += 1;
        if (coming === 2) met.resolve();
        await met.promise;
        await touch(callSids[1]);
      });
    };
    await Promise.all([touched(['CA1', 'CA2']), touched(['CA2', 'CA1'])]);
    // One of them was broken off, or both, and has done its work again.
    expect(coming).toBeGreaterThan(2);
  });

  test('write about many calls in opposite orders, and nothing is lost or waits for ever', async (context) => {
    const scene = new PostgresScene(context);
    const [a, b] = [scene.place('a'), scene.place('b')];
    const callSids = Array.from({ length: 40 }, (_, index) => `CA${index}`);
    for (let n = 1; n <= 10; n += 1) {
      const ofA = callSids.map((callSid) => item({ callSid, n }));
      const ofB = callSids
        .toReversed()
        .map((callSid) => item({ callSid, n, heldSinceMs: startMs + 1 }, saidLine('of b')));
      await Promise.all([a.write(ofA), b.write(ofB), a.closeUnfinished(startMs, startMs, 'lost')]);
    }
    for (const callSid of callSids) {
      const entries = (await a.read(callSid))?.entries ?? [];
      expect(entries.filter((entry) => entry.kind === 'said' && entry.text === 'of b')).toHaveLength(10);
    }
  });
});

describe.skipIf(isMissing)('a journal in PostgreSQL', () => {
  test('is that of a service: who loses a call is told, and the next one has all of it', async (context) => {
    const scene = new PostgresScene(context);
    const [first, next] = [await scene.open(), await scene.open()];
    const fenced: string[] = [];
    const record = first.accept('CA1', parties, () => void fenced.push('CA1'));
    record.append(saidLine('hello'));
    expect(await settled(first, 'CA1')).toBe(true);
    const taken = await takeOver(next, 'CA1');
    if (taken.kind !== 'taken') throw new Error(`It was ${taken.kind}.`);
    record.append(saidLine('too late'));
    await first.read('CA1');
    expect(fenced).toEqual(['CA1']);
    taken.record.append(saidLine('go on'));
    taken.record.end('callerHungUp');
    expect((await next.read('CA1'))?.entries).toMatchObject([
      { kind: 'accepted', fence: 1 },
      { kind: 'said', text: 'hello', fence: 1 },
      { kind: 'takenOver', fence: 2 },
      { text: 'go on', fence: 2 },
      { kind: 'ended' },
    ]);
    await closed(first, closeMsMax);
    expect(scene.log.named('journalFailing')).toEqual([]);
  });

  test('keeps what holds a character that PostgreSQL does not know', async (context) => {
    const scene = new PostgresScene(context);
    const journal = await scene.open();
    const record = journal.accept('CA1', { from: '+1555\0', to: null }, () => {});
    record.append(saidLine('a\0b \ud800'));
    record.end('callerHungUp');
    expect((await journal.read('CA1'))?.entries).toMatchObject([{ kind: 'accepted' }, { text: 'a\0b \ud800' }, {}]);
    expect(await scene.sql('select from_number, words from history')).toEqual([
      { from_number: '+1555', words: 'ab \ufffd' },
    ]);
  });
});

function item(of: Partial<JournalItem>, entry: JournalEntry = saidLine('hello')): JournalItem {
  const usual = { callSid: 'CA1', hold: 1, heldSinceMs: startMs, startedAtMs: startMs, n: 1, atMs: startMs };
  return { ...usual, ...of, kind: entry.kind, json: entryJson(entry) };
}
