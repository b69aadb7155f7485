import { fork } from 'node:child_process';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { describe, expect, test, type TestContext } from 'vitest';
import { systemClock } from '../../src/system/clock.ts';
import { Refusals } from '../../src/system/refusals.ts';
import { WorkersDoor } from '../../src/workers/workers-door.ts';
import { LogLines } from '../log-lines.ts';
import { until } from '../until.ts';

const form = `CallSid=CA${'7'.repeat(32)}`;
const request = `POST /twilio/voice HTTP/1.1\r\nhost: x\r\ncontent-length: ${form.length}\r\n\r\n${form}`;

describe('a connection', () => {
  test('reaches the other process with every byte, however it is cut and whatever follows at once', async (context) => {
    const port = await openDoor(context);
    const bytes = `${request}${'what follows '.repeat(20_000)}`;
    const cuts = [[], [1], [20], [request.length - 1], [request.length], [10, 50, 90, request.length + 5]];
    const echoes = await Promise.all(cuts.map(async (at) => echo(port, bytes, at)));
    expect(echoes.map((heard) => heard === bytes)).toEqual(cuts.map(() => true));
  });

  test('that does not say whose it is in a hundred pieces is closed', async (context) => {
    const port = await openDoor(context);
    const socket = connect(port, '127.0.0.1');
    const closed = once(socket, 'close');
    await once(socket, 'connect');
    let sent = 0;
    socket.on('error', () => {});
    // Each piece waits until the one before has gone, so that they are not joined.
    await until('the connection is closed', () => {
      if (!socket.destroyed) socket.write('x');
      sent += 1;
      return socket.destroyed || socket.readableEnded;
    });
    await closed;
    expect(sent).toBeGreaterThan(90);
  });

  test('that says nothing is closed', async (context) => {
    const socket = connect(await openDoor(context), '127.0.0.1');
    expect(await text(socket)).toBe('');
  });

  test('that ends before it has said whose it is leaves nothing behind', async (context) => {
    const port = await openDoor(context);
    const socket = connect(port, '127.0.0.1');
    socket.end('POST /twi');
    expect(await text(socket)).toBe('');
  });
});

/** A door whose connections another process answers with what it hears of them. */
async function openDoor({ onTestFinished }: TestContext): Promise<number> {
  const child = fork(fileURLToPath(new URL('echo-worker.ts', import.meta.url)), { serialization: 'advanced' });
  await once(child, 'message');
  const refusals = new Refusals(systemClock, new LogLines().logger);
  const door = new WorkersDoor(({ socket, bytes }) => {
    child.send(bytes, socket, { keepOpen: true }, () => socket.destroy());
  }, refusals);
  const port = await door.listen(0, '127.0.0.1');
  onTestFinished(async () => {
    door.close();
    child.kill();
    await once(child, 'exit');
  });
  return port;
}

/** Sends the bytes in pieces, cut at these places, and brings what comes back. */
async function echo(port: number, bytes: string, cuts: readonly number[]): Promise<string> {
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  await once(socket, 'connect');
  const heard = text(socket);
  const places = [0, ...cuts, bytes.length];
  for (const [at, from] of places.slice(0, -1).entries()) {
    socket.write(bytes.slice(from, places[at + 1]));
    // So that the pieces come one by one.
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  socket.end();
  return heard;
}
