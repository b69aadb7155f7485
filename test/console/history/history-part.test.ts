import { expect, test } from 'vitest';
import { JournalScene, saidLine } from '../../store/journal-scene.ts';
import { LogLines } from '../../log-lines.ts';
import { openConsoleWith, soundJournal } from './history-scene.ts';

test('calls are listed page by page and exported whole, and who looked is logged', async (context) => {
  const scene = new JournalScene(context);
  const journal = scene.open();
  for (let call = 0; call < 3; call += 1) {
    scene.nowMs += 1_000;
    await scene.wholeCall(journal, `CA${call}`);
  }
  const log = new LogLines();
  const asks = await openConsoleWith(context, scene.file, { log });
  const first = JSON.parse((await asks('/api/calls?limit=2')).body);
  expect(first).toMatchObject({ calls: [{ callSid: 'CA2' }, { callSid: 'CA1' }], notices: [] });
  const second = JSON.parse((await asks(`/api/calls?limit=2&after=${first.next}`)).body);
  expect(second).toMatchObject({ calls: [{ callSid: 'CA0' }], next: null });

  const csv = await asks('/api/calls.csv?number=0101');
  expect(csv.headers).toMatchObject({
    'content-type': 'text/csv; charset=utf-8',
    'content-disposition': expect.stringMatching(/^attachment; filename="calls-\d{4}-\d\d-\d\d\.csv"$/),
    'cache-control': 'no-store',
  });
  const rows = csv.body.split('\r\n');
  expect(rows).toHaveLength(5);
  expect(rows[1]).toMatch(/^"CA2","2026-11-20T12:00:03\.000Z",0,"'\+15550101"/);
  expect(JSON.parse((await asks('/api/calls.json')).body)).toHaveLength(3);
  expect(JSON.parse((await asks('/api/calls.json?number=999')).body)).toEqual([]);
  expect(log.named('personalDataSeen').map(({ what }) => what)).toEqual([
    'history',
    'history',
    'historyExport',
    'historyExport',
    'historyExport',
  ]);
});

test('one call is told with its words, and without what is secret of it', async (context) => {
  const scene = new JournalScene(context);
  const journal = scene.open();
  const record = scene.accept(journal, 'CA1');
  record.append(saidLine('<b>hello</b>'));
  record.append({ kind: 'handle', handle: 'secret-handle', model: 'gemini' });
  record.append({ kind: 'toolStarted', id: 'T1', name: 'lookup', args: { order: 'A1042' } });
  record.append({ kind: 'toolAnswered', id: 'T1', name: 'lookup', response: { error: 'no' } });
  await journal.read('CA1');
  const log = new LogLines();
  const asks = await openConsoleWith(context, scene.file, { log });
  const { body } = await asks('/api/calls/CA1');
  expect(JSON.parse(body)).toMatchObject({
    call: { callSid: 'CA1', from: '+15550101', outcome: null },
    lines: [
      { kind: 'said', speaker: 'caller', text: '<b>hello</b>' },
      { kind: 'tool', name: 'lookup', step: 'called' },
      { kind: 'tool', name: 'lookup', step: 'failed' },
    ],
  });
  expect(body).not.toContain('secret-handle');
  // Whoever asks for a call by its caller's number leaves none in the log.
  expect((await asks('/api/calls/+15550101')).status).toBe(404);
  expect(log.named('personalDataSeen')).toMatchObject([{ what: 'call', callSid: 'CA1' }]);
  expect(log.text).not.toContain('15550101');
});

test('what is missing is said in words', async (context) => {
  const scene = new JournalScene(context);
  await scene.wholeCall(scene.open(), 'CA1');
  const state = { ...soundJournal, kind: 'failing', movedAside: '/data/old' } as const;
  const asks = await openConsoleWith(context, scene.file, { state });
  expect(JSON.parse((await asks('/api/calls')).body).notices).toEqual([
    expect.stringContaining('cannot be written now'),
    expect.stringContaining('/data/old'),
  ]);
});

test('without a journal, the page is told how to keep one', async (context) => {
  const asks = await openConsoleWith(context, null);
  expect(JSON.parse((await asks('/api/calls')).body)).toMatchObject({
    calls: [],
    notices: [expect.stringContaining('JOURNAL_FILE is off')],
  });
  for (const path of ['/api/calls.csv', '/api/calls/CA1'])
    expect(await asks(path)).toMatchObject({ status: 503, body: expect.stringContaining('JOURNAL_FILE is off') });
});

test('what a request asks for in vain does not matter', async (context) => {
  const scene = new JournalScene(context);
  await scene.wholeCall(scene.open(), 'CA1');
  const asks = await openConsoleWith(context, scene.file);
  for (const odd of [
    'limit=0',
    'limit=99999999',
    'after=%00',
    'since=x',
    'number=--',
    'words=&words=b',
    `after=1.${'x'.repeat(900)}`,
  ]) {
    const { status } = await asks(`/api/calls?${odd}`);
    expect({ odd, status }).toEqual({ odd, status: 200 });
  }
});
