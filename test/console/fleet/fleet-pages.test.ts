import { once } from 'node:events';
import { createServer, type Server } from 'node:net';
import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { announcedSite } from '../../../src/console/fleet/site-address.ts';
import { FleetKey } from '../../../src/console/fleet/fleet-key.ts';
import { unreachableCode } from '../../../src/console/joined/ask-pages.ts';
import type { Board } from '../../../src/console/live/board.ts';
import { logNameOf } from '../../../src/console/recording/find-logs.ts';
import { callSid as recordedCall, recordCall } from '../../calllog/recorded-call.ts';
import { listenOnAnyPort } from '../../any-port.ts';
import { until } from '../../until.ts';
import { fleetKey, SitesScene } from './sites-scene.ts';

test('the board of any process shows the calls of all, each with the process that has it, and what changes', async () => {
  const { a, b } = await two();
  a.live.begins('lookup', 'CA1').until(({ type }) => type === 'model.opened');
  const call = b.live.begins('lookup', 'CA2').until(({ type }) => type === 'model.opened');
  for (const site of [a, b]) expect(callsOf(await site.board())).toEqual({ CA1: 'a', CA2: 'b' });
  const board = a.watchesBoard();
  await until('the board', () => board()?.calls.length === 2);
  expect(board()?.summary).toMatchObject({ load: { calls: 2, callsMax: 20 }, problems: [] });
  b.live.begins('lookup', 'CA3');
  await until('a call at the other', () => callsOf(board())['CA3'] === 'b');
  call.toTheEnd();
  await until('its end', () => board()?.ended.some(({ callSid, process }) => callSid === 'CA2' && process === 'b'));
  expect(callsOf(board())).toEqual({ CA1: 'a', CA3: 'b' });
});

test('orders, what happens on a call, and its sound come from and go to the process that has it', async () => {
  const { scene, a, b } = await two();
  const call = b.live.begins('lookup', 'CA2').until(({ type }) => type === 'model.opened');
  scene.keeps('CA2', 'b');
  expect(await a.asks('/api/live/CA2/orders', { kind: 'say', text: 'Canary sings.' })).toEqual({
    status: 200,
    body: { taken: true },
  });
  expect(b.orders).toEqual([['CA2', { type: 'operator.said', text: 'Canary sings.' }]]);
  expect(await a.asks('/api/live/CA2/orders', { kind: 'sing' })).toMatchObject({ status: 400 });
  expect(b.log.named('viewerOrdered')).toMatchObject([{ callSid: 'CA2', session: 'bearer' }]);
  expect(a.log.text + b.log.text).not.toContain('Canary');

  const events = await a.fetches('/api/live/CA2/events');
  const reader = events.body?.getReader();
  expect(Buffer.from((await reader?.read())?.value ?? []).toString()).toContain('retry');
  await reader?.cancel();

  const { socket, heard } = await a.listensIn('CA2');
  await until('a listener', () => b.log.named('personalDataSeen').some(({ what }) => what === 'sound'));
  b.live.calls.find('CA2')?.taps.caller(new Uint8Array([1, 2, 3]));
  await until('sound', () => heard.length > 0);
  expect([...(heard[0] ?? [])]).toEqual([0, 1, 2, 3]);
  call.toTheEnd();
  expect((await once(socket, 'close'))[0]).toBe(1000);

  const unknown = await a.asks('/api/live/CA9/orders', { kind: 'hangUp' });
  expect(unknown).toEqual({ status: 404, body: { error: 'This call is over, or there never was one.' } });
});

test('while the database is away, calls on the board that somebody looks at are reached, and others are not said to be over', async () => {
  const { scene, a, b } = await two();
  a.live.begins('lookup', 'CA1');
  b.live.begins('lookup', 'CA2');
  scene.isAway = true;
  const hangUp = { kind: 'hangUp' };
  const words = 'The journal does not say which process has this call. Try again in a moment.';
  expect(await a.asks('/api/live/CA2/orders', hangUp)).toEqual({ status: 503, body: { error: words } });
  expect(await a.asks('/api/live/CA1/orders', hangUp)).toMatchObject({ status: 200 });
  const board = a.watchesBoard();
  await until('both', () => board()?.calls.length === 2);
  expect(await a.asks('/api/live/CA2/orders', hangUp)).toMatchObject({ status: 200 });
});

test('a call on the board of workers of which one has just gone is reached, as the journal has it', async () => {
  const { scene, a, b } = await two();
  scene.members.set('c', { instance: 'c', pages: announcedSite(fleetKey, 'c', b.url) });
  b.live.begins('lookup', 'CA2');
  scene.keeps('CA2', 'b');
  const board = a.watchesBoard();
  await until('the call', () => callsOf(board())['CA2'] === 'b, c');
  scene.members.delete('c');
  expect(await a.asks('/api/live/CA2/orders', { kind: 'hangUp' })).toMatchObject({ status: 200 });
});

test('a call that moves is shown once, at the process that has it, and as over when it is over there', async () => {
  const { a, b } = await two();
  const first = a.live.begins('lookup', 'CA1').until(({ type }) => type === 'model.opened');
  const board = b.watchesBoard();
  await until('the call', () => callsOf(board())['CA1'] === 'a');
  const second = b.live.begins('lookup', 'CA1').until(({ type }) => type === 'model.opened');
  first.leaves('released');
  await until('the other has it', () => callsOf(board())['CA1'] === 'b' && board()?.calls.length === 1);
  expect(board()?.ended).toEqual([]);
  expect(callsOf(await a.board())).toEqual({ CA1: 'b' });
  second.toTheEnd();
  await until('its end', () => board()?.ended.length === 1);
  expect(board()).toMatchObject({ calls: [], ended: [{ end: { outcome: 'callerHungUp' } }] });
  expect((await a.board()).ended).toMatchObject([{ callSid: 'CA1', process: 'b', end: { outcome: 'callerHungUp' } }]);
});

test('a process that is gone, or that takes connections and is silent, is named and keeps nobody waiting', async () => {
  const { scene, a, b } = await two();
  a.live.begins('lookup', 'CA1');
  b.live.begins('lookup', 'CA2');
  scene.keeps('CA2', 'b');
  const board = a.watchesBoard();
  await until('both', () => board()?.calls.length === 2);
  await b.stops();
  await until('its calls are gone', () => callsOf(board())['CA2'] === undefined);
  await until('that is said', () => board()?.summary.problems.some(({ what }) => what.includes('calls of b')));
  const words = 'The process b has this call and cannot be reached. Try again in a moment.';
  const order = await a.asks('/api/live/CA2/orders', { kind: 'hangUp' });
  expect(order).toEqual({ status: 503, body: { error: words } });
  const { socket } = await a.listensIn('CA2');
  expect((await once(socket, 'close')).map(String)).toEqual([String(unreachableCode), words]);
  // Nobody knows any more where its pages were.
  scene.members.delete('b');
  expect(await a.asks('/api/live/CA2/orders', { kind: 'hangUp' })).toEqual({ status: 503, body: { error: words } });

  const silent = await silentServer();
  scene.members.set('c', { instance: 'c', pages: announcedSite(fleetKey, 'c', silent.origin) });
  const startMs = performance.now();
  const first = await a.board();
  expect(callsOf(first)).toEqual({ CA1: 'a' });
  expect(first.summary.problems).toMatchObject([{ what: expect.stringMatching(/calls of c .* not answer/) }]);
  // It waits a second for it, and a machine that is busy adds to that.
  expect(performance.now() - startMs).toBeLessThan(silent.holdsMs);
  const other = a.watchesBoard();
  await until('that is said', () => other()?.summary.problems.some(({ what }) => what.includes(silent.origin)));
});

test('a process of a version before, one without a name, and one that tells something else are named', async () => {
  const { scene, a } = await two();
  scene.members.set('old', { instance: 'old', pages: null });
  scene.members.set('', { instance: null, pages: null });
  const other = await jsonServer('event: all\ndata: {"calls":[{"callSid":"CA1"}]}\n\n');
  scene.members.set('new', { instance: 'new', pages: announcedSite(fleetKey, 'new', other) });
  const board = a.watchesBoard();
  const problems = await until('three', () => {
    const said = board()?.summary.problems.map(({ what }) => what) ?? [];
    return said.length >= 3 && said;
  });
  expect(problems.toSorted()).toEqual([
    'The calls of a process without INSTANCE are not shown here. Only those with a name can be asked.',
    'The calls of new are not shown here. They tell what this version of Parley does not read.',
    'The calls of old are not shown here. It has not said where its pages are.',
  ]);
});

test('only an address that was signed with ADMIN_TOKEN is asked, and without one nobody is', async () => {
  const scene = new SitesScene();
  const a = await scene.starts('a');
  const { origin, connections } = await silentServer();
  const forged = [
    `${origin} ${new FleetKey('another-token-4711').sign('site', ['b', origin])}`,
    `${origin} ${fleetKey.sign('site', ['c', origin])}`,
    `${origin} ${fleetKey.sign('pass', ['b', origin])}`,
    `${origin}/path ${fleetKey.sign('site', ['b', `${origin}/path`])}`,
    `ftp://127.0.0.1 ${fleetKey.sign('site', ['b', 'ftp://127.0.0.1'])}`,
    origin,
    '',
  ];
  for (const pages of forged) {
    scene.members.set('b', { instance: 'b', pages });
    const [problem] = (await a.board()).summary.problems;
    expect([pages, problem?.what]).toEqual([pages, expect.stringContaining('It has another ADMIN_TOKEN')]);
  }
  const without = await scene.starts('d', { token: null });
  const said = (await without.board()).summary.problems.map(({ what }) => what);
  expect(said).toContain('The calls of a are not shown here. Set the same ADMIN_TOKEN for both.');
  expect(connections()).toBe(0);
});

test('a recording comes from the process that has it, part by part, and one that cannot be reached is named', async (context) => {
  const scene = new SitesScene();
  const log = await recordCall(context);
  const folder = dirname(log);
  const [a, b] = [await scene.starts('a'), await scene.starts('b', { recordDir: folder })];
  const recorded = [['b', logNameOf(log)] as const, ['c', `20990101T000000Z-${recordedCall}`] as const];
  scene.keeps(recordedCall, 'c', { recorded, isOver: true });
  const path = `/api/calls/${recordedCall}/recording`;
  const there = await a.fetches(path);
  expect(there.status).toBe(200);
  const head = headOf(await there.arrayBuffer());
  expect(head).toMatchObject({ noRecording: null, part: { number: 1, count: 2, by: 'b' } });
  expect((await a.fetches(`${path}.wav`)).headers.get('content-type')).toBe('audio/wav');
  expect(headOf(await (await b.fetches(path)).arrayBuffer())).toMatchObject({ part: { count: 2, by: 'b' } });
  expect(a.log.named('personalDataSeen')).toMatchObject([{ what: 'call', callSid: recordedCall }, {}]);

  const words = 'The process c has this recording and cannot be reached. Try again in a moment.';
  const gone = headOf(await (await a.fetches(`${path}?part=2`)).arrayBuffer());
  expect(gone).toMatchObject({ known: { call: { instance: 'c' } }, noRecording: words, part: { number: 2, by: 'c' } });
  expect(await a.asks(`${path}.wav?part=2`)).toEqual({ status: 503, body: { error: words } });
  await b.stops();
  expect(headOf(await (await a.fetches(path)).arrayBuffer())).toMatchObject({
    noRecording: 'The process b has this recording and cannot be reached. Try again in a moment.',
  });
});

test('what is in the folder here is found, though the process had another name when it recorded it', async (context) => {
  const scene = new SitesScene();
  const log = await recordCall(context);
  const a = await scene.starts('a', { recordDir: dirname(log) });
  scene.keeps(recordedCall, 'a-before', { recorded: [['a-before', logNameOf(log)]], isOver: true });
  const head = headOf(await (await a.fetches(`/api/calls/${recordedCall}/recording`)).arrayBuffer());
  expect(head).toMatchObject({ noRecording: null, part: { number: 1, count: 1, by: 'a-before' } });
});

test('a part in a folder that workers share is the right one while the worker of another is gone', async (context) => {
  const scene = new SitesScene();
  const log = await recordCall(context);
  const folder = dirname(log);
  const earlier = `20000101T000000Z-${recordedCall}`;
  writeFileSync(join(folder, `${earlier}.jsonl`), 'nonsense\n');
  const a = await scene.starts('a');
  await scene.starts('b-w1', { recordDir: folder });
  const recorded = [['b-w0', earlier] as const, ['b-w1', logNameOf(log)] as const];
  scene.keeps(recordedCall, 'b-w1', { recorded, isOver: true });
  const answer = await (await a.fetches(`/api/calls/${recordedCall}/recording?part=2`)).arrayBuffer();
  expect(headOf(answer)).toMatchObject({ noRecording: null, part: { number: 2, count: 2, by: 'b-w1' } });
  expect(Buffer.from(answer).toString()).not.toContain('it is not JSON');
});

test('a part here is found of a call whose first process wrote nothing of it into the journal', async (context) => {
  const scene = new SitesScene();
  const log = await recordCall(context);
  const a = await scene.starts('a', { recordDir: dirname(log) });
  const path = `/api/calls/${recordedCall}/recording`;
  const part = async (number: number) => headOf(await (await a.fetches(`${path}?part=${number}`)).arrayBuffer());
  scene.keeps(recordedCall, 'a', { isOver: true });
  expect(await part(1)).toMatchObject({ noRecording: null, part: { number: 1, count: 1, by: null } });
  scene.keeps(recordedCall, 'b', { recorded: [['b', `20990101T000000Z-${recordedCall}`]], isOver: true });
  expect(await part(1)).toMatchObject({ noRecording: null, part: { number: 1, count: 2, by: null } });
  expect(await part(2)).toMatchObject({
    noRecording: 'The process b has this recording and cannot be reached. Try again in a moment.',
    part: { number: 2, by: 'b' },
  });
});

/** Two processes that share a database. */
async function two() {
  const scene = new SitesScene();
  return { scene, a: await scene.starts('a'), b: await scene.starts('b') };
}

function callsOf(board: Board | null): Record<string, string | null> {
  return Object.fromEntries((board?.calls ?? []).map(({ callSid, process }) => [callSid, process]));
}

/** Takes connections and never answers. `holdsMs`: how long somebody would wait who waits for the answer. */
async function silentServer() {
  let count = 0;
  const server = createServer((socket) => {
    count += 1;
    socket.on('error', () => {});
    onTestFinished(() => void socket.destroy());
  });
  return { origin: await opened(server), connections: () => count, holdsMs: 3_000 };
}

/** Answers everybody with this stream of events. */
async function jsonServer(events: string): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => socket.end(`HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n${events}`));
  });
  return opened(server);
}

async function opened(server: Server): Promise<string> {
  onTestFinished(() => void server.close());
  return `http://127.0.0.1:${await listenOnAnyPort(server)}`;
}

/** What a page is told of a call before its recording. */
function headOf(bytes: ArrayBuffer): unknown {
  const length = new DataView(bytes).getUint32(0, true);
  return JSON.parse(new TextDecoder().decode(bytes.slice(20, 20 + length)));
}
