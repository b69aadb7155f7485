import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { until } from '../until.ts';
import { closed, closeMsMax, JournalScene, parties, saidLine, settled, takeOver } from './journal-scene.ts';

test('a call is read as it was written, by this process and by the next', async (context) => {
  const scene = new JournalScene(context);
  const journal = scene.open();
  const record = scene.accept(journal, 'CA1');
  const entries = [
    { kind: 'state', phase: 'talking', facts: { streams: 1, exit: { kind: 'fallback' } } },
    saidLine('I need "help" \u{1F4DE} now'),
    { kind: 'toolStarted', id: 'T1', name: 'lookup', args: { order: 'A1042' } },
    { kind: 'toolAnswered', id: 'T1', name: 'lookup', response: { found: [1, 2] } },
    { kind: 'handle', handle: 'h-1', model: 'gemini' },
  ] as const;
  for (const entry of entries) {
    scene.nowMs += 10;
    record.append(entry);
  }
  scene.nowMs += 10;
  record.end('callerHungUp');
  record.append(saidLine('nobody hears this'));

  const startedAtMs = scene.nowMs - 60;
  const expected = {
    callSid: 'CA1',
    startedAtMs,
    fence: 1,
    // Whatever the journal has named its process: the next one reads the same.
    process: (await journal.read('CA1'))?.process,
    ended: { reason: 'callerHungUp', atMs: scene.nowMs },
    entries: [{ kind: 'accepted', ...parties }, ...entries, { kind: 'ended', reason: 'callerHungUp' }].map(
      (entry, index) => ({ ...entry, fence: 1, n: index + 1, atMs: startedAtMs + 10 * index }),
    ),
  };
  expect(await journal.read('CA1')).toEqual(expected);
  expect(await journal.read('CA2')).toBeNull();
  await closed(journal, closeMsMax);
  expect(await scene.open().read('CA1')).toEqual(expected);
});

test('entries reach the file without anybody asking', async (context) => {
  const scene = new JournalScene(context);
  const journal = scene.open();
  const record = scene.accept(journal, 'CA1');
  await until('the call', () => journal.state.queuedEntries === 0);
  expect(scene.rows('SELECT kind FROM entries')).toEqual([{ kind: 'accepted' }]);
  record.append(saidLine('hello'));
  await until('its first words', () => journal.state.queuedEntries === 0);
  expect(scene.rows('SELECT kind FROM entries')).toHaveLength(2);
});

test('whoever waits for entries learns whether they are kept', async (context) => {
  const scene = new JournalScene(context);
  const journal = scene.open();
  scene.accept(journal, 'CA1');
  expect(await settled(journal, 'CA1')).toBe(true);
  // A folder cannot be opened as a file.
  const failing = scene.open({ answerMsMax: 200 }, scene.folder);
  scene.accept(failing, 'CA2');
  expect(await settled(failing, 'CA2')).toBe(false);
});

test('only the owner may read the files, however loose the mask is', async (context) => {
  // A thread of tests cannot set the mask; the usual one would leave the group and everybody able to read.
  const scene = new JournalScene(context);
  const folder = join(scene.folder, 'deep', 'er');
  const file = join(folder, 'journal.sqlite');
  const journal = scene.open({}, file);
  scene.accept(journal, 'CA1');
  await journal.read('CA1');
  const modes = readdirSync(folder).map((name) => [name, (statSync(join(folder, name)).mode & 0o777).toString(8)]);
  expect(modes).toEqual([
    ['journal.sqlite', '600'],
    ['journal.sqlite-shm', '600'],
    ['journal.sqlite-wal', '600'],
  ]);
  expect((statSync(folder).mode & 0o777).toString(8)).toBe('700');
});

test('what JSON does not know, or what is too long, costs that part of the entry only', async (context) => {
  const scene = new JournalScene(context);
  const journal = scene.open();
  const record = scene.accept(journal, 'CA1');
  const circle: Record<string, unknown> = {};
  circle['self'] = circle;
  record.append({ kind: 'toolAnswered', id: 'T1', name: 'circle', response: circle });
  record.append({ kind: 'toolAnswered', id: 'T2', name: 'large', response: { text: 'x'.repeat(100_000) } });
  const call = await journal.read('CA1');
  expect(call?.entries.slice(1)).toMatchObject([
    { id: 'T1', name: 'circle', response: { omittedChars: null } },
    { id: 'T2', name: 'large', response: { omittedChars: expect.any(Number) } },
  ]);
});

describe('pruning', () => {
  test('deletes what ended before its days, with every entry, and nothing else', async (context) => {
    const scene = new JournalScene(context);
    const journal = scene.open();
    for (let call = 0; call < 250; call += 1) scene.accept(journal, `old${call}`).end('callerHungUp');
    scene.accept(journal, 'live');
    scene.nowMs += 24 * 3600 * 1000;
    await scene.wholeCall(journal, 'young');
    scene.nowMs += 6.5 * 24 * 3600 * 1000;
    expect(await journal.prune(7)).toBe(250);
    expect(await journal.prune(7)).toBe(0);
    expect(scene.rows('SELECT DISTINCT call_sid FROM entries')).toEqual([{ call_sid: 'live' }, { call_sid: 'young' }]);
    expect(scene.rows('SELECT call_sid FROM calls')).toHaveLength(2);
  });
});

describe('a call whose process is gone', () => {
  test('is closed as lost when nobody brings it back, and calls of this process are not', async (context) => {
    const scene = new JournalScene(context);
    const before = scene.open();
    scene.accept(before, 'left');
    await scene.wholeCall(before, 'done');
    await closed(before, closeMsMax);

    const journal = scene.open();
    scene.accept(journal, 'live');
    await journal.read('live');
    scene.nowMs += 60_000;
    expect(await journal.closeUnfinished(60_001)).toBe(0);
    expect((await journal.unfinished()).map(({ callSid }) => callSid).toSorted()).toEqual(['left', 'live']);
    expect(await journal.closeUnfinished(59_999)).toBe(1);
    expect((await journal.unfinished()).map(({ callSid }) => callSid)).toEqual(['live']);
    expect((await journal.read('left'))?.ended).toEqual({ reason: 'lost', atMs: scene.nowMs });
    expect((await journal.read('done'))?.ended).toMatchObject({ reason: 'callerHungUp' });
  });

  test('is open again when it comes back after all, or when its process writes', async (context) => {
    const scene = new JournalScene(context);
    const draining = scene.open();
    const quiet = scene.accept(draining, 'quiet');
    scene.accept(draining, 'late');
    await draining.read('late');
    const journal = scene.open();
    scene.nowMs += 60_000;
    expect(await journal.closeUnfinished(1_000)).toBe(2);
    expect(await takeOver(journal, 'late')).toMatchObject({ kind: 'taken', call: { ended: null } });
    quiet.append(saidLine('still here'));
    expect((await draining.read('quiet'))?.ended).toBeNull();
    expect(await journal.unfinished()).toHaveLength(2);
  });
});

test('closing writes what waits, and a record that is written to later does no harm', async (context) => {
  const scene = new JournalScene(context);
  const journal = scene.open();
  const record = scene.accept(journal, 'CA1');
  // More than are written at once.
  for (let line = 0; line < 2_500; line += 1) record.append(saidLine(`line ${line}`));
  await closed(journal, closeMsMax);
  record.append(saidLine('too late'));
  expect(journal.state).toMatchObject({ kind: 'closed', queuedEntries: 0, droppedEntries: 0 });
  expect(scene.rows('SELECT count(*) AS n FROM entries')).toEqual([{ n: 2_501 }]);
  // Closed in order: nothing is left beside the file.
  expect(readdirSync(scene.folder)).toEqual(['journal.sqlite']);
});

test('a journal that is off keeps nothing and says so', async (context) => {
  const scene = new JournalScene(context);
  const journal = scene.open({}, null);
  await scene.wholeCall(journal, 'CA1');
  expect(await takeOver(journal, 'CA1')).toEqual({ kind: 'unknown' });
  expect([await journal.read('CA1'), await journal.unfinished(), await journal.prune(1)]).toEqual([null, [], 0]);
  expect(journal.state).toEqual({
    kind: 'off',
    queuedEntries: 0,
    outboxEntries: 0,
    droppedEntries: 0,
    movedAside: null,
    lastError: null,
  });
  expect(readdirSync(scene.folder)).toEqual([]);
});
