import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test, type TestContext } from 'vitest';
import type { CallRecord } from '../../../src/store/writing/call-record.ts';
import type { Journal } from '../../../src/store/journal.ts';
import { PostgresPlace } from '../../../src/store/postgres/postgres-place.ts';
import { TcpProxy } from '../../tcp-proxy.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { testDatabase } from '../../test-database.ts';
import { until } from '../../until.ts';
import { writtenItems } from '../history/written-calls.ts';
import { closed, closeMsMax, parties, saidLine, settled, takeOver } from '../journal-scene.ts';
import { PostgresScene } from './postgres-scene.ts';

const isMissing = (await testDatabase()) === null;

describe.skipIf(isMissing)('a database that is away', () => {
  test('gets everything when it is back, in order, and what waited on the disk is gone', async (context) => {
    const { scene, proxy, journal, folder } = await begin(context);
    const calls = ['CA1', 'CA2', 'CA3'].map((callSid) => ({ callSid, record: accept(journal, callSid) }));
    expect(await settled(journal, 'CA3')).toBe(true);
    await proxy.stop();
    for (let line = 1; line <= 800; line += 1) {
      for (const { record } of calls) record.append(saidLine(`line ${line}`));
    }
    const late = accept(journal, 'CA4');
    await until(
      'the disk to have all',
      () => journal.state.outboxEntries === 2_401 && journal.state.queuedEntries === 0,
    );
    expect(journal.state).toMatchObject({ kind: 'failing', lastError: 'journal.unreachable', droppedEntries: 0 });
    expect(await settled(journal, 'CA1')).toBe(false);
    expect(await takeOver(journal, 'CA1')).toEqual({ kind: 'unavailable' });
    // SQLite keeps what is not yet in the file beside it.
    expect(new Set(readdirSync(folder).map((file) => statSync(join(folder, file)).mode & 0o777))).toEqual(
      new Set([0o600]),
    );
    await proxy.listen();
    late.end('callerHungUp');
    for (const { record } of calls) record.append(saidLine('back'));
    await until('the recovery', () => journal.state.kind === 'open' && journal.state.queuedEntries === 0);
    expect(journal.state).toMatchObject({ outboxEntries: 0, droppedEntries: 0 });
    for (const { callSid } of calls) {
      const entries = (await journal.read(callSid))?.entries ?? [];
      expect(entries.map(({ n, fence }) => [n, fence])).toEqual(
        Array.from({ length: 802 }, (_, index) => [index + 1, 1]),
      );
      expect(entries.at(-1)).toMatchObject({ text: 'back' });
    }
    expect((await journal.read('CA4'))?.ended).toMatchObject({ reason: 'callerHungUp' });
    expect(readdirSync(folder)).toEqual([]);
    expect(scene.log.named('journalFailing')).toMatchObject([{ fault: 'journal.unreachable' }]);
    expect(scene.log.named('journalInOutbox')).toHaveLength(1);
    expect(scene.log.named('journalRecovered')).toHaveLength(1);
  });

  test('when the process ends gets everything from the next one, but for calls that others have by then', async (context) => {
    const { scene, proxy, journal, folder } = await begin(context);
    const [kept, lost] = [accept(journal, 'CA1'), accept(journal, 'CA2')];
    expect(await settled(journal, 'CA2')).toBe(true);
    await proxy.stop();
    kept.append(saidLine('while it was away'));
    lost.append(saidLine('while it was away'));
    await closed(journal, closeMsMax);
    expect(scene.log.named('journalCutShort')).toEqual([]);
    expect(readdirSync(folder)).toHaveLength(1);
    // Somebody with another way to the database has taken a call over meanwhile.
    const other = await scene.open();
    expect(await takeOver(other, 'CA2')).toMatchObject({ kind: 'taken' });
    await proxy.listen();
    const next = await scene.open({ outbox: join(folder, 'journal.sqlite') });
    await until('what was left', () => next.state.kind === 'open');
    expect((await next.read('CA1'))?.entries).toMatchObject([{ n: 1 }, { n: 2, text: 'while it was away' }]);
    expect((await next.read('CA2'))?.entries).toMatchObject([{ kind: 'accepted' }, { kind: 'takenOver' }]);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('and a disk that takes nothing leave entries in memory', async (context) => {
    // Where the folder should be is a file.
    const { scene, proxy, journal } = await begin(context, join(temporaryFolder(context, { blocked: '' }), 'blocked'));
    const record = accept(journal, 'CA1');
    expect(await settled(journal, 'CA1')).toBe(true);
    await proxy.stop();
    record.append(saidLine('while it was away'));
    await until('the failure', () => scene.log.named('journalFailing').length > 0);
    expect(scene.log.named('journalFailing')).toMatchObject([
      { fault: 'journal.unusable', why: expect.stringContaining('where entries would wait, cannot be used') },
    ]);
    expect(journal.state).toMatchObject({ outboxEntries: 0, queuedEntries: 1 });
    await proxy.listen();
    await until('the recovery', () => journal.state.kind === 'open' && journal.state.queuedEntries === 0);
    expect((await journal.read('CA1'))?.entries).toHaveLength(2);
  });

  test('for long enough is not waited for by a process that ends before it has caught up', async (context) => {
    const scene = new PostgresScene(context);
    const proxy = await TcpProxy.open(context, await scene.address());
    const outbox = join(temporaryFolder(context), 'journal.sqlite');
    const place = new PostgresPlace({
      connectionString: proxy.address,
      process: 'a',
      keepsWords: true,
      outbox,
      memoryMs: 0,
    });
    context.onTestFinished(() => place.close());
    const items = Array.from({ length: 3 }, (_, hold) =>
      writtenItems([{ callSid: `CA${hold}`, from: null, entries: [], end: null }], 1),
    );
    expect(await place.write({ kind: 'write', items: items[0] ?? [] })).toMatchObject({ kind: 'written' });
    await proxy.stop();
    expect(await place.write({ kind: 'write', items: items[1] ?? [] })).toMatchObject({
      kind: 'filed',
      outboxEntries: 1,
    });
    await proxy.listen();
    await until(
      'the way back',
      async () => (await place.use((store) => store.unfinished()).catch(() => [])).length === 1,
    );
    const last = { kind: 'write', items: items[2] ?? [], isLast: true } as const;
    expect(await place.write(last)).toMatchObject({ kind: 'filed', outboxEntries: 2 });
    expect(await place.write({ kind: 'write', items: [] })).toMatchObject({ kind: 'behind', outboxEntries: 0 });
    expect(await place.use((store) => store.unfinished())).toHaveLength(3);
  });

  test('for a moment only is not even noticed', async (context) => {
    const { scene, proxy, journal } = await begin(context);
    const record = accept(journal, 'CA1');
    for (let loss = 0; loss < 5; loss += 1) {
      expect(await settled(journal, 'CA1')).toBe(true);
      proxy.cut();
      record.append(saidLine(`after loss ${loss}`));
    }
    expect((await journal.read('CA1'))?.entries).toHaveLength(6);
    expect(scene.log.named('journalFailing')).toEqual([]);
  });
});

interface Outage {
  readonly scene: PostgresScene;
  readonly proxy: TcpProxy;
  readonly journal: Journal;
  /** Where entries wait. */
  readonly folder: string;
}

/** A journal behind a way that can be cut. Entries go to the disk at once. */
async function begin(context: TestContext, folder = temporaryFolder(context)): Promise<Outage> {
  const scene = new PostgresScene(context);
  const proxy = await TcpProxy.open(context, await scene.address());
  const journal = await scene.openUnthreaded({
    connectionString: proxy.address,
    outbox: join(folder, 'journal.sqlite'),
  });
  return { scene, proxy, journal, folder };
}

function accept(journal: Journal, callSid: string): CallRecord {
  return journal.accept(callSid, parties, () => {});
}
