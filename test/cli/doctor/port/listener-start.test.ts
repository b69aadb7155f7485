import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type ListenOptions, type Server } from 'node:net';
import { describe, expect, test, type TestContext } from 'vitest';
import { listenerStartMs } from '../../../../src/cli/doctor/port/listener-start.ts';

/** A program that listens where it is told to, and says so. */
const listener = `require('node:net').createServer().listen(JSON.parse(process.argv[1]), () => console.log('listening'))`;

describe.skipIf(process.platform !== 'linux')('the process that listens on a port', () => {
  test('is told with its start', async (context) => {
    const { server, port } = await listening(context, { host: '127.0.0.1' });
    expect(await listenerStartMs('127.0.0.1', port, Date.now())).toSatisfy(isOurStart);
    server.close();
    await once(server, 'close');
    expect(await listenerStartMs('127.0.0.1', port, Date.now())).toBeNull();
  });

  test('at another address is somebody else', async (context) => {
    const { port } = await listening(context, { host: '127.0.0.2' });
    expect(await listenerStartMs('127.0.0.1', port, Date.now())).toBeNull();
    expect(await listenerStartMs('127.0.0.2', port, Date.now())).toSatisfy(isOurStart);
  });

  test('at every address is meant by each of them, and by a name', async (context) => {
    const { port } = await listening(context, { host: '0.0.0.0' });
    for (const host of ['127.0.0.1', 'localhost', '0.0.0.0'])
      expect(await listenerStartMs(host, port, Date.now())).toSatisfy(isOurStart);
  });

  test('is not told where another listens there as well', async (context) => {
    const place = { host: '127.0.0.1', reusePort: true };
    const { port } = await listening(context, place);
    const other = spawn(process.execPath, ['-e', listener, JSON.stringify({ ...place, port })]);
    context.onTestFinished(() => void other.kill());
    await once(other.stdout, 'data');
    expect(await listenerStartMs('127.0.0.1', port, Date.now())).toBeNull();
  });
});

async function listening(context: TestContext, place: ListenOptions): Promise<{ server: Server; port: number }> {
  const server = createServer().listen({ port: 0, ...place });
  context.onTestFinished(() => void server.close());
  await once(server, 'listening');
  const address = server.address();
  return { server, port: typeof address === 'object' && address !== null ? address.port : 0 };
}

function isOurStart(startMs: number | null): boolean {
  return startMs !== null && Math.abs(startMs - (Date.now() - process.uptime() * 1000)) < 5_000;
}
