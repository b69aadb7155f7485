import { once } from 'node:events';
import { expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { systemClock } from '../../src/system/clock.ts';
import { limitedServer } from '../../src/system/connection-limits.ts';
import { Refusals } from '../../src/system/refusals.ts';
import { WebSocketEnd } from '../../src/system/web-socket/web-socket.ts';
import { LogLines } from '../log-lines.ts';
import { until } from '../until.ts';

test('what a WebSocket says in whole texts counts as well', async (context) => {
  const log = new LogLines();
  const byteRate = { burst: 100_000, perSecond: 1 };
  const server = limitedServer(() => {}, { connectionsMax: 1, byteRate }, new Refusals(systemClock, log.logger));
  context.onTestFinished(() => void server.close());
  let heard = 0;
  new WebSocketServer({ server }).on('connection', (socket, { socket: connection }) => {
    new WebSocketEnd(socket, connection).listen({
      onMessage: (text) => void (heard += text.length),
      onClose: () => {},
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const client = new WebSocket(`ws://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`);
  await once(client, 'open');
  const gone = once(client, 'close');
  const isCut = (): boolean => log.named('socketError').length > 0;
  // One after the other, so that each comes whole.
  for (let sent = 1_000; !isCut(); sent += 1_000) {
    client.send('x'.repeat(1_000));
    await until('the text is heard, or the connection cut', () => heard === sent || isCut());
    expect(heard).toBeLessThan(130_000);
  }
  expect(log.named('socketError')).toMatchObject([{ why: 'too many bytes' }]);
  await gone;
});
