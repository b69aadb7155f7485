import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { listenerStartMs } from '../../../../src/cli/doctor/port/listener-start.ts';

test.skipIf(process.platform !== 'linux')(
  'the process that listens on a port is told with its start',
  async (context) => {
    const server = createServer().listen(0, '127.0.0.1');
    context.onTestFinished(() => void server.close());
    await once(server, 'listening');
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const startMs = Date.now() - process.uptime() * 1000;
    expect(Math.abs((listenerStartMs(port, Date.now()) ?? 0) - startMs)).toBeLessThan(5_000);
    server.close();
    await once(server, 'close');
    expect(listenerStartMs(port, Date.now())).toBeNull();
  },
);
