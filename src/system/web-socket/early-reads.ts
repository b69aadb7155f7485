import { type Duplex, Readable } from 'node:stream';

/** All connections read into this, one after the other, and the next read overwrites it. Node would make such room for each read. */
const room = Buffer.alloc(64 * 1024);

/** Emitted on a connection, with their number, for bytes that its stream does not get because they were taken before. */
export const bytesTaken = 'bytesTaken';

/** The part of `net.Socket` that its option `onread` uses. Node gives that option only to sockets that a program opens itself. */
interface OwnReads {
  readonly handle: { useUserBuffer: (room: Uint8Array) => void };
  readonly room: symbol;
  readonly onRead: symbol;
}

/**
 * Offers what a connection reads before its stream gets it, as long as nothing waits in the stream. `take` gets bytes that it may change and
 * may not keep, and returns how many of them it has taken, from the first; the stream gets the others. When it throws, they are lost.
 *
 * Where Node keeps no such place, the stream gets everything.
 */
export function offerReads(connection: Duplex, take: (bytes: Buffer) => number): void {
  const reads = ownReads(connection);
  if (reads === null) return;
  Reflect.set(connection, reads.room, room);
  Reflect.set(connection, reads.onRead, (length: number): boolean => {
    const isNext = connection.readableLength === 0 && connection.readableFlowing === true;
    const taken = isNext ? take(room.subarray(0, length)) : 0;
    if (taken > 0) connection.emit(bytesTaken, taken);
    return taken === length || connection.push(copyOf(taken, length));
  });
  // With `onread`, a paused socket would read nothing at all: it would not hear that the other end is gone, and what still lies in it when
  // it is closed makes the system reset the connection, so that the other end loses the close code.
  Reflect.set(connection, 'pause', Reflect.get(Readable.prototype, 'pause'));
  reads.handle.useUserBuffer(room);
}

/** In memory of its own: whoever waits for the rest of a message keeps each piece, and must not keep what else lies in a pool. */
function copyOf(from: number, to: number): Buffer {
  const bytes = Buffer.allocUnsafeSlow(to - from);
  room.copy(bytes, 0, from, to);
  return bytes;
}

function ownReads(connection: Duplex): OwnReads | null {
  const handle: unknown = Reflect.get(connection, '_handle');
  const symbols = Object.getOwnPropertySymbols(connection);
  const [roomKey, onRead] = ['kBuffer', 'kBufferCb'].map((name) => symbols.find((one) => one.description === name));
  if (roomKey === undefined || onRead === undefined || !isHandle(handle)) return null;
  return { handle, room: roomKey, onRead };
}

function isHandle(value: unknown): value is OwnReads['handle'] {
  return typeof value === 'object' && value !== null && 'useUserBuffer' in value;
}
