import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { listenOnAnyPort } from '../../../test/any-port.ts';

/**
 * A proxy for what goes to Twilio: whoever asks to be connected with its REST interface is connected with the server at `restUrl`, which proves
 * with this key and certificate that it is Twilio's. Nobody is connected with the world. Resolves to its address.
 */
export async function openRestDoor(restUrl: string, keyFile: string, certFile: string): Promise<string> {
  const proof = { key: readFileSync(keyFile), cert: readFileSync(certFile) };
  const port = Number(new URL(restUrl).port);
  const door = createServer((_request, response) => response.writeHead(404).end());
  door.on('connect', (_request, socket: Duplex) => {
    socket.on('error', () => socket.destroy());
    socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    const near = new TLSSocket(socket, { isServer: true, ...proof });
    const far = connect(port, '127.0.0.1');
    near.on('error', () => far.destroy()).on('close', () => far.destroy());
    far.on('error', () => near.destroy()).on('close', () => near.destroy());
    near.pipe(far).pipe(near);
  });
  return `http://127.0.0.1:${await listenOnAnyPort(door)}`;
}
