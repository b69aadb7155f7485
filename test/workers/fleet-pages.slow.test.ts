import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { isJsonObject, parseJson } from '../../src/encoding/json.ts';
import { listenOnAnyPort } from '../any-port.ts';
import { PostgresScene } from '../store/postgres/postgres-scene.ts';
import { noDatabase, testDatabase } from '../test-database.ts';
import { until } from '../until.ts';
import { type Parley, runWorkers } from './workers-scene.ts';

const isMissing = (await testDatabase()) === null;

const token = 'token-of-the-fleet-4711';

test('PostgreSQL is there for workers of two machines', ({ skip }) => {
  if (isMissing) skip(noDatabase);
  expect(isMissing).toBe(false);
});

test.skipIf(isMissing)('the pages of workers show those of other machines, and reach their calls', async (context) => {
  const database = await new PostgresScene(context).address();
  const open = async (instance: string) => {
    const adminPort = await freePort();
    const settings = { INSTANCE: instance, DATABASE_URL: database, ADMIN_PORT: String(adminPort), ADMIN_TOKEN: token };
    const parley = await runWorkers(context, settings);
    return { parley, ...asking(adminPort) };
  };
  const [m, n] = [await open('m'), await open('n')];
  for (const { parley } of [m, n]) await talks(parley);
  const places = await until('both', async () => {
    const board = await m.board();
    const processes = board.map(({ process }) => String(process));
    return (
      processes.some((name) => name.startsWith('m-w')) && processes.some((name) => name.startsWith('n-w')) && board
    );
  });
  const far = places.find(({ process }) => String(process).startsWith('n-w'));
  const path = `/api/live/${String(far?.['callSid'])}/orders`;
  await until('the order is taken', async () => {
    const answer: unknown = await (await m.asks(path, { kind: 'hangUp' })).json();
    // A process that is too busy to answer in time cannot be reached, and may be asked again.
    if (isJsonObject(answer) && String(answer['error']).includes('Try again')) return false;
    expect(answer).toEqual({ taken: true });
    return true;
  });
  await until('its end', () => n.parley.named('callEnded').some(({ reason }) => reason === 'endedByOperator'));
  expect(n.parley.named('callEnded')).toMatchObject([{ callSid: far?.['callSid'], instance: far?.['process'] }]);
});

/** A port on which nobody listens. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenOnAnyPort(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** A call is placed until one is taken: workers have room when others have given some back. */
async function talks(parley: Parley): Promise<void> {
  await until('a call', async () => {
    const call = parley.call();
    const before = parley.named('callRefused').length;
    await until(
      'an answer',
      () => parley.named('streamStarted').length > 0 || parley.named('callRefused').length > before,
    );
    if (parley.named('streamStarted').length > 0) return true;
    call.hangUp();
    return false;
  });
}

function asking(port: number) {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const asks = async (path: string, body?: object): Promise<Response> =>
    fetch(`http://127.0.0.1:${port}${path}`, {
      ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
      headers,
    });
  return {
    asks,
    /** The live calls that the board shows when it is opened. */
    async board() {
      let told = '';
      for await (const piece of (await asks('/api/board/events')).body ?? []) {
        told += new TextDecoder().decode(piece);
        const [, json] = /^event: all\ndata: (.*)\n\n/m.exec(told) ?? [];
        const board = json === undefined ? null : parseJson(json);
        if (isJsonObject(board) && Array.isArray(board['calls'])) return board['calls'].filter(isJsonObject);
      }
      throw new Error('The board ended.');
    },
  };
}
