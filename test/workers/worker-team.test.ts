import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, test, type TestContext } from 'vitest';
import { WorkerTeam } from '../../src/workers/worker-team.ts';
import { LogLines } from '../log-lines.ts';
import { until } from '../until.ts';

/** Gives a connection to workers of which none is up, and brings its other end. */
async function given(
  { onTestFinished }: TestContext,
  target: string,
): Promise<{ readonly ours: Socket; readonly theirs: Socket }> {
  const settings = [{ instance: 'w0', callsMax: 1, journal: null, variables: {} }];
  const team = new WorkerTeam(settings, new LogLines().logger);
  const server = createServer({ allowHalfOpen: true, pauseOnConnect: true }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const taken = once(server, 'connection');
  const theirs = connect(typeof address === 'object' && address !== null ? address.port : 0, '127.0.0.1');
  theirs.write(`GET ${target} HTTP/1.1\r\n\r\n`);
  const [ours]: Socket[] = await taken;
  onTestFinished(() => {
    ours?.destroy();
    theirs.destroy();
    server.close();
  });
  if (ours === undefined) throw new Error('There is no connection.');
  team.give({ socket: ours, start: { target, callSid: null }, bytes: Buffer.alloc(0) });
  return { ours, theirs };
}

test.for([
  ['/healthz', '200 OK'],
  ['/readyz', '503 Service Unavailable'],
] as const)(
  '%s is answered while no worker is up, and nothing is left of the connection',
  async ([target, status], context) => {
    const { ours, theirs } = await given(context, target);
    expect(await text(theirs)).toContain(`HTTP/1.1 ${status}`);
    await until('it is gone', () => ours.destroyed);
  },
);

test.for(['__proto__', 'constructor', '/'])('whoever asks for %s waits for a worker', async (target, context) => {
  const { ours } = await given(context, target);
  expect(ours.destroyed).toBe(false);
});
