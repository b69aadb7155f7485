import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import { expect, test, type TestContext } from 'vitest';
import { WebSocket } from 'ws';
import type { OperatorOrder } from '../../../src/call/events.ts';
import { orderOutcome } from '../../../src/call/operator/request-refusal.ts';
import { LivePart } from '../../../src/console/live/live-part.ts';
import type { Problem } from '../../../src/console/live/problems.ts';
import { VirtualClock } from '../../../src/sim/driver/virtual-clock.ts';
import { LogLines } from '../../log-lines.ts';
import { until } from '../../until.ts';
import { passTime } from '../../virtual-time.ts';
import { logIn, openDoor } from '../door/door-scene.ts';
import { LiveScene } from './recorded-calls.ts';

test('a viewer of the board gets all of it, and then what changes', async (context) => {
  const board = await openBoard(context);
  const events = await board.follows('/api/board/events');
  await until('the snapshot', () => events.length === 1);
  expect(events).toMatchObject([{ name: 'all', data: { calls: [], summary: { load: { callsMax: 10 } } } }]);
  board.scene.begins('lookup').until(({ type }) => type === 'model.opened');
  passTime(board.clock, 250);
  await until('the change', () => events.length === 2);
  expect(events[1]).toMatchObject({ name: 'change', data: { calls: [{ from: '+12025550177' }], ended: [] } });
});

test('a viewer of one call gets what is said on it, and one of no call is told so', async (context) => {
  const board = await openBoard(context);
  const call = board.scene.begins('lookup').until(({ type }) => type === 'model.opened');
  const events = await board.follows('/api/live/CA1/events');
  await until('the snapshot', () => events.length === 1);
  call.until(({ type }) => type === 'model.agentTranscript');
  passTime(board.clock, 250);
  await until('the change', () => events.length === 2);
  expect(events[1]).toMatchObject({ data: { items: [{ kind: 'words', speaker: 'agent', text: 'These are ' }] } });
  const { status, body } = await board.asks('/api/live/CA9/events');
  expect([status, body]).toEqual([404, '{"error":"This call is over, or there never was one."}']);
});

test('a viewer who does not read is cut, and the others get what changes all the same', async (context) => {
  const board = await openBoard(context);
  const stalled = await board.opens('/api/board/events');
  const events = await board.follows('/api/board/events');
  let isCut = false;
  stalled.on('close', () => (isCut = true));
  let changes = 0;
  await until('the stalled viewer is cut', () => {
    if (events.length <= changes) return false;
    changes += 1;
    board.problems = [{ code: `problem ${changes}`, what: 'x'.repeat(300_000), remedy: '', met: null }];
    passTime(board.clock, 250);
    // The end of a connection is seen by whoever reads to it.
    if (changes > 40) stalled.resume();
    return isCut;
  });
  const told = await board.follows('/api/board/events');
  expect(await until('another viewer', () => told[0])).toMatchObject({ name: 'all' });
});

test('orders reach their call, and the log tells who gave them and not their words', async (context) => {
  const board = await openBoard(context);
  board.scene.begins('lookup');
  const order = async (form: object) => board.asks('/api/live/CA1/orders', form);
  expect(await order({ kind: 'hangUp' })).toMatchObject({ status: 200, body: '{"taken":true}' });
  await order({ kind: 'transfer', destination: 'support', reason: null });
  await order({ kind: 'note', text: 'Her name is Canary.' });
  await order({ kind: 'say', text: 'Canary sings.' });
  expect(board.orders).toEqual([
    ['CA1', { type: 'operator.hungUp' }],
    ['CA1', { type: 'operator.transferred', destination: 'support' }],
    ['CA1', { type: 'operator.noted', text: 'Her name is Canary.' }],
    ['CA1', { type: 'operator.said', text: 'Canary sings.' }],
  ]);
  board.refusal = 'leaving';
  expect(await order({ kind: 'say', text: 'Canary.' })).toMatchObject({
    status: 409,
    body: '{"error":"The agent is saying goodbye already."}',
  });
  expect(await order({ kind: 'sing' })).toMatchObject({ status: 400 });
  expect(await order({ kind: 'note' })).toMatchObject({ status: 400 });
  expect(await board.asks('/api/live/+12025550101/orders', { kind: 'hangUp' })).toMatchObject({ status: 404 });
  expect(board.log.named('viewerOrdered')).toMatchObject([
    { callSid: 'CA1', order: 'operator.hungUp', address: expect.any(String), session: expect.any(String) },
    { order: 'operator.transferred' },
    { order: 'operator.noted' },
    { order: 'operator.said' },
    { order: 'operator.said', refusal: 'leaving' },
  ]);
  expect(board.log.text).not.toMatch(/Canary|12025550101/);
});

test('who looks at calls is logged', async (context) => {
  const board = await openBoard(context);
  board.scene.begins('lookup');
  await board.follows('/api/board/events');
  await board.follows('/api/live/CA1/events');
  await board.listens('CA1');
  const told = board.log.named('personalDataSeen').map(({ what, callSid }) => [what, callSid]);
  expect(told).toEqual([
    ['board', null],
    ['liveCall', 'CA1'],
    ['sound', 'CA1'],
  ]);
});

test('a listener hears both sides until the call is over', async (context) => {
  const board = await openBoard(context);
  const call = board.scene.begins('barge-in');
  const { socket, heard } = await board.listens('CA1');
  const isClosed = once(socket, 'close');
  call.toTheEnd();
  const [code] = await isClosed;
  expect(code).toBe(1000);
  const bytes = (kind: number): number =>
    heard.filter((message) => message[0] === kind).reduce((sum, { length }) => sum + length - 1, 0);
  const sent = call.steps.flatMap(({ event }) => (event.type === 'stream.media' ? [event.audio.length] : []));
  expect(bytes(0)).toBe(sent.reduce((sum, each) => sum + each, 0));
  expect(bytes(1)).toBeGreaterThan(8 * 2_500);
  expect(heard.filter((message) => message[0] === 2).map(({ length }) => length)).toContain(1);
  const late = await board.listens('CA1');
  expect((await once(late.socket, 'close'))[0]).toBe(1000);
});

test('there is a last listener, and one who does not read is cut', async (context) => {
  const board = await openBoard(context);
  board.scene.begins('lookup');
  const taps = board.scene.calls.find('CA1')?.taps;
  const sockets = [];
  for (let listener = 0; listener < 20; listener += 1) sockets.push((await board.listens('CA1')).socket);
  const tooMany = await board.listens('CA1');
  expect((await once(tooMany.socket, 'close'))[0]).toBe(1013);
  const [stalled, other] = sockets;
  if (stalled === undefined || other === undefined) throw new RangeError('There are no listeners.');
  const isCut = once(stalled, 'close');
  stalled.pause();
  const frame = new Uint8Array(100_000);
  await until('a listener is cut', () => {
    taps?.agent(frame, 0);
    return (taps?.count ?? 0) < 20;
  });
  stalled.resume();
  expect((await isCut)[0]).toBe(1006);
  expect(other.readyState).toBe(other.OPEN);
});

/** An event as a browser gets it. */
interface ServerEvent {
  readonly name: string;
  readonly data: unknown;
}

/** The board behind a door of its own. Time passes when a test says so. */
class BoardScene {
  readonly scene = new LiveScene();
  readonly clock = new VirtualClock(0);
  readonly orders: unknown[] = [];
  problems: readonly Problem[] = [];
  refusal: Parameters<typeof orderOutcome>[0] = null;
  log = new LogLines();
  port = 0;
  cookie = '';
  readonly #context: TestContext;

  constructor(context: TestContext) {
    this.#context = context;
  }

  async open(): Promise<this> {
    const { scene, clock } = this;
    const part = new LivePart({
      calls: scene.calls,
      summary: () => ({
        load: { calls: scene.calls.live.length, callsMax: 10, modelSessions: 0, isDraining: false },
        day: scene.calls.day,
        problems: this.problems,
      }),
      order: (callSid, order: OperatorOrder) => {
        this.orders.push([callSid, order]);
        return orderOutcome(this.refusal);
      },
      clock,
      log: this.log.logger,
    });
    const { port } = await openDoor(this.#context, [part]);
    this.port = port;
    this.cookie = (await logIn(port)).cookie;
    return this;
  }

  /** Opens a stream of events whose bytes nobody has asked for yet. */
  async opens(path: string): Promise<IncomingMessage> {
    const { port, cookie } = this;
    const sent = get({ port, host: '127.0.0.1', path, agent: false, headers: { cookie } });
    const [response]: IncomingMessage[] = await once(sent, 'response');
    if (response === undefined) throw new RangeError('There is no answer.');
    this.#context.onTestFinished(() => void response.destroy());
    response.on('error', () => {});
    return response;
  }

  /** Follows a stream of events. The list holds all that came. */
  async follows(path: string): Promise<readonly ServerEvent[]> {
    const events: ServerEvent[] = [];
    let text = '';
    (await this.opens(path)).setEncoding('utf8').on('data', (piece: string) => {
      const blocks = (text + piece).split('\n\n');
      text = blocks.pop() ?? '';
      for (const block of blocks) {
        const [, name, data] = /^event: (\w+)\ndata: (.*)$/.exec(block) ?? [];
        if (name !== undefined) events.push({ name, data: JSON.parse(data ?? '') });
      }
    });
    return events;
  }

  /** Asks for data, or orders something. */
  async asks(path: string, order?: object): Promise<{ readonly status: number; readonly body: string }> {
    const json = { method: 'POST', body: JSON.stringify(order) };
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      headers: { cookie: this.cookie, 'content-type': 'application/json' },
      ...(order === undefined ? {} : json),
    });
    return { status: response.status, body: await response.text() };
  }

  async listens(callSid: string): Promise<{ readonly socket: WebSocket; readonly heard: readonly Buffer[] }> {
    const { port, cookie } = this;
    const socket = new WebSocket(`ws://127.0.0.1:${port}/api/live/sound?call=${callSid}`, { headers: { cookie } });
    this.#context.onTestFinished(() => socket.terminate());
    const heard: Buffer[] = [];
    socket.on('message', (data: Buffer) => void heard.push(data));
    await once(socket, 'open');
    return { socket, heard };
  }
}

async function openBoard(context: TestContext): Promise<BoardScene> {
  return new BoardScene(context).open();
}
