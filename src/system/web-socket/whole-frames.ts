import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { offerReads } from './early-reads.ts';
import { keyBytes, mask, maskBit, textHead } from './text-frames.ts';

/** The length stands in the head up to here; then in the two bytes behind it, or in the eight. */
const shortMax = 125;
const mediumLength = 126;

/** Stands in a text for bytes that are no UTF-8, and seldom for itself. */
const replacement = '\ufffd';

/** The part of a `ws` socket that takes the bytes which have come, and what tells where in them it is. */
interface Receiver {
  /** Whether it takes anything: not after an error. */
  readonly writable: boolean;
  readonly _state: number;
  readonly _bufferedBytes: number;
  readonly _fragmented: number;
  readonly _maxPayload: number;
}

/**
 * Reads the text messages of an open socket that came whole, as nearly all do, and passes them on. `ws` gets every other byte: it takes a
 * message apart as if each of its bytes might be the last one here.
 *
 * Where `ws` keeps no such receiver, it reads everything.
 */
export function readWholeFrames(
  socket: WebSocket,
  connection: Duplex,
  isMasked: boolean,
  onText: (text: string) => void,
): void {
  const receiver: unknown = Reflect.get(socket, '_receiver');
  if (!isReceiver(receiver)) return;
  const { _maxPayload: bytesMax } = receiver;
  offerReads(connection, (bytes) => {
    let at = 0;
    while (at < bytes.length && isBetweenMessages(receiver)) {
      const end = endOfText(bytes, at, isMasked, bytesMax);
      const text = end === null ? null : textOf(bytes, at, end, isMasked);
      if (end === null || text === null) break;
      at = end;
      onText(text);
    }
    return at;
  });
}

function isReceiver(value: unknown): value is Receiver {
  if (typeof value !== 'object' || value === null) return false;
  const numbers = ['_state', '_bufferedBytes', '_fragmented', '_maxPayload'];
  return numbers.every((name) => typeof Reflect.get(value, name) === 'number');
}

function isBetweenMessages({ writable, _state, _bufferedBytes, _fragmented }: Receiver): boolean {
  return writable && _state === 0 && _bufferedBytes === 0 && _fragmented === 0;
}

/** Where the message ends that begins at `at`; null if it is no text, is not all there, or is one that `ws` has to refuse. */
function endOfText(bytes: Buffer, at: number, isMasked: boolean, bytesMax: number): number | null {
  if (bytes.length < at + 2 || bytes[at] !== textHead || isMasked !== (bytes[at + 1] ?? 0) >= maskBit) return null;
  const short = (bytes[at + 1] ?? 0) % maskBit;
  // What comes in one piece is not longer than two bytes can tell.
  if (short > mediumLength || (short === mediumLength && bytes.length < at + 4)) return null;
  const length = short <= shortMax ? short : bytes.readUInt16BE(at + 2);
  const end = at + headBytes(short, isMasked) + length;
  return end > bytes.length || (bytesMax > 0 && length > bytesMax) ? null : end;
}

function headBytes(short: number, isMasked: boolean): number {
  return 2 + (short <= shortMax ? 0 : 2) + (isMasked ? keyBytes : 0);
}

/** The text of the whole message from `at` to `end`; null, and its bytes as they were, if it may be no UTF-8. */
function textOf(bytes: Buffer, at: number, end: number, isMasked: boolean): string | null {
  const from = at + headBytes((bytes[at + 1] ?? 0) % maskBit, isMasked);
  if (isMasked) mask(bytes, from - keyBytes, from, end - from);
  const text = bytes.toString('utf8', from, end);
  if (!text.includes(replacement)) return text;
  if (isMasked) mask(bytes, from - keyBytes, from, end - from);
  return null;
}
