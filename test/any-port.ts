import { once } from 'node:events';
import type { Server } from 'node:net';

/** Has a server listen on any free port of this machine. Resolves to the port. */
export async function listenOnAnyPort(server: Server): Promise<number> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new TypeError('The server listens on no port.');
  return address.port;
}
