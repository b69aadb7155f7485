import { once } from 'node:events';
import { expect, test, type TestContext } from 'vitest';
import { WebSocket } from 'ws';
import { isJsonObject, type JsonObject, parseJson } from '../../src/encoding/json.ts';
import { linkCloses } from '../../src/console/phone/handset-link.ts';
import { until } from '../until.ts';
import { type Parley, runWorkers } from './workers-scene.ts';

const token = 'token-of-the-operator';

test('the pages show the calls of all workers, and what is ordered of one reaches the worker that has it', async (context) => {
  const pages = await open(context);
  await pages.parley.talking(3);
  expect(pages.parley.countOf('streamStarted')).toEqual({ w0: 1, w1: 1, w2: 1 });

  const board = await pages.board();
  expect(board['summary']).toMatchObject({ load: { calls: 3, callsMax: 30, modelSessions: 3 }, day: { calls: 3 } });
  const callSids = callSidsIn(board['calls']);
  expect(callSids).toHaveLength(3);

  for (const callSid of callSids) {
    expect(await pages.hears(callSid)).toBeGreaterThan(0);
    expect(await pages.json(`/api/live/${callSid}/orders`, { kind: 'hangUp' })).toEqual({ taken: true });
  }
  await until('all end', () => pages.parley.named('callEnded').length === 3);
  expect(pages.parley.named('callEnded').map(({ reason }) => reason)).toEqual(Array(3).fill('endedByOperator'));
  const unknown = `/api/live/CA${'9'.repeat(32)}/orders`;
  expect(await pages.json(unknown, { kind: 'hangUp' })).toMatchObject({ error: expect.stringContaining('is over') });

  await until('the history', async () => callSidsIn((await pages.json('/api/calls'))['calls']).length === 3);
  expect(new Set(callSidsIn((await pages.json('/api/calls'))['calls']))).toEqual(new Set(callSids));
  expect(await pages.json(`/api/calls/${callSids[0]}`)).toMatchObject({ call: { outcome: 'endedByOperator' } });
});

test('metrics and health speak for all workers, and no death of one takes back what was counted', async (context) => {
  const pages = await open(context);
  await pages.parley.talking(3);
  const begun = async (): Promise<number> => sumIn(await pages.text('/metrics'), 'parley_calls_begun_total');
  expect(await begun()).toBe(3);
  expect(await pages.text('/metrics')).toMatch(/^parley_calls_live 3$/m);
  expect(await pages.json('/api/health')).toEqual({ ready: true, liveCalls: 3, callsMax: 30, problems: [] });

  process.kill(pages.parley.pidOf('w2'), 'SIGKILL');
  await until('it is gone', async () => /^parley_calls_max 20$/m.test(await pages.text('/metrics')));
  expect(await begun()).toBe(3);
  await until('it is back', async () => /^parley_calls_max 30$/m.test(await pages.text('/metrics')));
  expect(await begun()).toBeGreaterThanOrEqual(3);
  // Those of the others are there in any case.
  expect(callSidsIn((await pages.board())['calls']).length).toBeGreaterThanOrEqual(2);
});

test('a call from the browser is placed at a worker, and only the session that has placed it reaches it', async (context) => {
  const pages = await open(context);
  const [own, other] = [await pages.login(), await pages.login()];
  const { agents } = await pages.json('/api/phone');
  const [agent] = Array.isArray(agents) ? agents : [];
  const { callSid } = await pages.json('/api/phone/calls', { agent: Object(agent).id }, own);
  const path = `/api/phone/line?call=${String(callSid)}`;
  const refused = await pages.socket(path, other);
  expect((await once(refused, 'close'))[0]).toBe(linkCloses.unknownCall);
  const line = await pages.socket(path, own);
  await until('the call is taken', () => pages.parley.named('streamStarted').length === 1);
  line.close();
  await once(line, 'close');
});

type Headers = Readonly<Record<string, string>>;

interface Pages {
  readonly parley: Parley;
  text(path: string): Promise<string>;
  /** Asks for data, or sends some. */
  json(path: string, body?: object, as?: Headers): Promise<JsonObject>;
  /** Logs another browser in. */
  login(): Promise<Headers>;
  /** The board, as a page gets it first. */
  board(): Promise<JsonObject>;
  socket(path: string, as?: Headers): Promise<WebSocket>;
  /** Listens in on a call until some sound has come, and brings how much that was. */
  hears(callSid: string): Promise<number>;
}

/** Runs three workers with the pages in front of them. */
async function open(context: TestContext): Promise<Pages> {
  const parley = await runWorkers(context, { ADMIN_PORT: '0', ADMIN_TOKEN: token });
  const { port } = await until('pages', () =>
    parley.named('adminListening').find(({ instance }) => instance === undefined),
  );
  const origin = `http://127.0.0.1:${String(port)}`;
  const headers: Headers = { authorization: `Bearer ${token}` };
  const text = async (path: string): Promise<string> => (await fetch(origin + path, { headers })).text();
  const socket = async (path: string, as = headers): Promise<WebSocket> => {
    const opened = new WebSocket(origin.replace('http', 'ws') + path, { headers: as });
    context.onTestFinished(() => opened.terminate());
    await once(opened, 'open');
    return opened;
  };
  return {
    parley,
    text,
    socket,
    async login() {
      const body = new URLSearchParams({ token });
      const answer = await fetch(`${origin}/login`, { method: 'POST', body, redirect: 'manual' });
      return { cookie: answer.headers.get('set-cookie')?.split(';')[0] ?? '' };
    },
    async json(path, body, as = headers) {
      const answer = await fetch(origin + path, {
        ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
        headers: { ...as, 'content-type': 'application/json' },
      });
      const data = parseJson(await answer.text());
      return isJsonObject(data) ? data : {};
    },
    async board() {
      const { body } = await fetch(`${origin}/api/board/events`, { headers });
      let told = '';
      for await (const piece of body ?? []) {
        told += new TextDecoder().decode(piece);
        const [, json] = /^event: all\ndata: (.*)\n\n/m.exec(told) ?? [];
        if (json === undefined) continue;
        const data = parseJson(json);
        return isJsonObject(data) ? data : {};
      }
      throw new Error('The board ended.');
    },
    async hears(callSid) {
      const listening = await socket(`/api/live/sound?call=${callSid}`);
      let bytes = 0;
      listening.on('message', (data: Buffer) => (bytes += data.length));
      await until('sound', () => bytes > 0);
      listening.close();
      return bytes;
    },
  };
}

function callSidsIn(calls: unknown): readonly string[] {
  return Array.isArray(calls) ? calls.map((call) => String(Object(call).callSid)) : [];
}

/** The sum of a metric over its series. */
function sumIn(metrics: string, name: string): number {
  const figures = [...metrics.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))];
  return figures.reduce((sum, [, figure]) => sum + Number(figure), 0);
}
