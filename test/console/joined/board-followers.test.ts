import { createServer, type Socket } from 'node:net';
import { onTestFinished, expect, test } from 'vitest';
import { BoardFollowers } from '../../../src/console/joined/board-followers.ts';
import { JoinedBoard } from '../../../src/console/joined/joined-board.ts';
import type { Board } from '../../../src/console/live/board.ts';
import type { FeedViewer } from '../../../src/console/live/feed.ts';
import { systemClock } from '../../../src/system/clock.ts';
import { listenOnAnyPort } from '../../any-port.ts';
import { until } from '../../until.ts';

const emptyBoard: Board = {
  nowMs: 1,
  calls: [],
  ended: [],
  summary: {
    load: { calls: 0, callsMax: 1, modelSessions: 0, isDraining: false },
    day: { sinceMs: 0, calls: 0, byOutcome: {}, refused: {} },
    problems: [],
  },
};

const head = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\nretry: 2000\n\n';

/** The first bytes of a board are no board yet. */
test('a board that comes late is waited for, and nothing is said of it any more when it is there', async () => {
  const { followers, board, connections } = await following(head);
  const startMs = performance.now();
  await followers.begin();
  // A timer may fire a little early.
  expect(performance.now() - startMs).toBeGreaterThan(900);
  expect([...followers.failures]).toEqual([['b', 'They have not answered yet.']]);
  for (const connection of connections) connection.write(`event: all\ndata: ${JSON.stringify(emptyBoard)}\n\n`);
  await until('the board', () => board.has('b'));
  expect([...followers.failures]).toEqual([]);
});

test('an own board that must begin first is whole when the others have begun', async () => {
  const board = new JoinedBoard(() => 1);
  let isWhole = false;
  let viewers = 0;
  const own = {
    name: 'own',
    begin: async () => {
      await Promise.resolve();
      isWhole = true;
    },
    watch: (viewer: FeedViewer) => {
      viewers += 1;
      if (isWhole) viewer.sendBytes(Buffer.from(`event: all\ndata: ${JSON.stringify(emptyBoard)}\n\n`));
      return () => void (viewers -= 1);
    },
  };
  const followers = new BoardFollowers({ board, own, others: () => [], clock: systemClock, onOther: () => {} });
  await followers.begin();
  expect(board.has('own')).toBe(true);
  followers.end();
  // Whoever leaves before it has begun leaves nobody who looks.
  const begun = followers.begin();
  followers.end();
  await begun;
  expect(viewers).toBe(0);
});

test.each([
  [
    'a refusal whose body does not end',
    'HTTP/1.1 500 X\r\ncontent-length: 100\r\n\r\n{',
    /^They answer with status 500 /,
  ],
  [
    'another protocol, which nobody wanted',
    'HTTP/1.1 101 X\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n',
    /^They do not answer at /,
  ],
])('pages that answer with %s are said so, and are asked again', async (_what, answer, words) => {
  const { followers, connections } = await following(answer, 200);
  await followers.begin();
  await until('the words', () => words.test(followers.failures.get('b') ?? ''));
  const times = connections.length;
  expect(await until('another request', () => connections.length > times)).toBe(true);
});

test('whoever looks no more leaves a refusal that still comes', async () => {
  const { followers, connections } = await following('HTTP/1.1 500 X\r\ncontent-length: 100\r\n\r\n{', 600_000);
  await followers.begin();
  await until('the refusal', () => connections.length > 0);
  followers.end();
  expect(await until('the end of the connection', () => connections[0]?.destroyed)).toBe(true);
});

/** The boards of one process, `b`, which answers so. */
async function following(answer: string, answerMsMax = 60_000) {
  const connections: Socket[] = [];
  const server = createServer((socket) => {
    socket.on('error', () => {});
    socket.once('data', () => {
      socket.write(answer);
      connections.push(socket);
    });
    onTestFinished(() => void socket.destroy());
  });
  onTestFinished(() => void server.close());
  const origin = `http://127.0.0.1:${await listenOnAnyPort(server)}`;
  const board = new JoinedBoard(() => 1);
  const pages = { name: 'b', origin, answerMsMax, lettingIn: () => ({}) };
  const parts = { board, own: null, others: () => [pages], clock: systemClock, onOther: () => {} };
  const followers = new BoardFollowers(parts);
  onTestFinished(() => followers.end());
  return { followers, board, connections };
}
