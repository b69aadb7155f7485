import { createServer } from 'node:http';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { WebSocket, WebSocketServer } from 'ws';
import { acceptWires, openWire, type WireEnd } from '../../../dev/load/ends/wire-end.ts';
import { WireReader, wireText } from '../../../dev/load/ends/wire-frames.ts';
import { listenOnAnyPort } from '../../any-port.ts';
import { until } from '../../until.ts';

/** Lengths on either side of where the head of a frame grows. */
const lengths = [0, 1, 125, 126, 65_535, 65_536, 200_000];

describe('frames', () => {
  test.each([true, false])('are read as they were written, however they are cut (masked: %s)', (isMasked) => {
    for (const pieceBytes of [997, 65_536, 1_000_000])
      expect(readInPieces(lengths, isMasked, pieceBytes)).toEqual(lengths);
    const short = lengths.filter((length) => length <= 126);
    expect(readInPieces(short, isMasked, 1)).toEqual(short);
  });
});

describe('a wire', () => {
  test('speaks with a server of another make', async ({ onTestFinished }) => {
    const http = createServer();
    const server = new WebSocketServer({ server: http });
    onTestFinished(() => void http.close());
    server.on('connection', (socket) => socket.on('message', (data: Buffer) => socket.send(data.toString())));
    const wire = await openWire(`http://127.0.0.1:${await listenOnAnyPort(http)}`, {});
    const [heard, closed] = listenTo(wire);
    for (const length of lengths) wire.send('y'.repeat(length));
    await until('all messages came back', () => heard.length === lengths.length);
    expect(heard).toEqual(lengths);

    const [socket] = server.clients;
    socket?.ping('a');
    expect(String((await once(socket ?? http, 'pong'))[0])).toBe('a');
    socket?.close(4_001);
    await until('it is closed', () => closed.length > 0);
    expect(closed).toEqual([4_001]);
  });

  test('speaks with a client of another make', async ({ onTestFinished }) => {
    const http = createServer();
    onTestFinished(() => void http.close());
    acceptWires(http, (wire) =>
      wire.listen({ onMessage: (message) => wire.send(message.toString('latin1')), onClose: () => {} }),
    );
    const client = new WebSocket(`ws://127.0.0.1:${await listenOnAnyPort(http)}`);
    const heard: number[] = [];
    client.on('message', (data: Buffer) => heard.push(data.length));
    await once(client, 'open');
    for (const length of lengths) client.send('z'.repeat(length));
    await until('all messages came back', () => heard.length === lengths.length);
    expect(heard).toEqual(lengths);
    client.close(1_000);
    expect((await once(client, 'close'))[0]).toBe(1_000);
  });

  test('is not there when the upgrade is refused', async ({ onTestFinished }) => {
    const http = createServer((_request, response) => response.writeHead(403).end());
    onTestFinished(() => void http.close());
    await expect(openWire(`http://127.0.0.1:${await listenOnAnyPort(http)}`, {})).rejects.toThrow('refused with 403');
  });
});

/** The lengths of frames that come in pieces. */
function readInPieces(written: readonly number[], isMasked: boolean, pieceBytes: number): number[] {
  const bytes = Buffer.from(written.map((length) => wireText('x'.repeat(length), isMasked)).join(''), 'latin1');
  const read: number[] = [];
  const reader = new WireReader((_opcode, { length }) => read.push(length));
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    // A copy, because the reader takes off masks in place.
    reader.push(Buffer.from(bytes.subarray(at, at + pieceBytes)));
  }
  return read;
}

/** The lengths of what a wire hears, and the code with which it is closed. */
function listenTo(wire: WireEnd): [heard: number[], closed: number[]] {
  const [heard, closed]: [number[], number[]] = [[], []];
  wire.listen({ onMessage: ({ length }) => heard.push(length), onClose: (code) => closed.push(code) });
  return [heard, closed];
}
