import { randomFillSync } from 'node:crypto';

/** The head of a text message that is one frame, without compression; the bit that says that it is masked; and what it is masked with. */
export const textHead = 0x81;
export const maskBit = 0x80;
export const keyBytes = 4;

/** Keys are drawn for so many frames at a time. */
const keys = new Uint8Array(4 * 1024);
let keysUsed = keys.length;

/** The same key as one number, turned so that it begins with the byte that masks the first one of a word. */
const turnedKey = new Uint8Array(4);
const turnedKeyWord = new Uint32Array(turnedKey.buffer);

const wordsMin = 8;

/**
 * Text messages as the bytes of a WebSocket (RFC 6455), each a frame of its own, one behind the other. A client has to mask what it sends.
 */
export function textFrames(texts: readonly string[], isMasked: boolean): Uint8Array {
  const keyRoom = isMasked ? keyBytes : 0;
  let whole = 0;
  for (const text of texts) {
    const length = Buffer.byteLength(text);
    whole += headBytes(length) + keyRoom + length;
  }
  const bytes = Buffer.allocUnsafe(whole);
  let at = 0;
  for (const text of texts) {
    const length = Buffer.byteLength(text);
    at = writeHead(bytes, at, length, isMasked);
    const keyAt = at;
    if (isMasked) at = writeKey(bytes, at);
    // Text of ASCII alone, as nearly all is, need not be encoded.
    bytes.write(text, at, length, length === text.length ? 'latin1' : 'utf8');
    if (isMasked) mask(bytes, keyAt, at, length);
    at += length;
  }
  return bytes;
}

function headBytes(length: number): number {
  return length < 126 ? 2 : length < 65_536 ? 4 : 10;
}

/** A whole message of text, and how long it is. Returns where the head ends. */
function writeHead(bytes: Buffer, at: number, length: number, isMasked: boolean): number {
  const masked = isMasked ? maskBit : 0;
  bytes[at] = textHead;
  if (length < 126) {
    bytes[at + 1] = masked | length;
  } else if (length < 65_536) {
    bytes[at + 1] = masked | 126;
    bytes.writeUInt16BE(length, at + 2);
  } else {
    bytes[at + 1] = masked | 127;
    bytes.writeBigUInt64BE(BigInt(length), at + 2);
  }
  return at + headBytes(length);
}

function writeKey(bytes: Buffer, at: number): number {
  if (keysUsed === keys.length) {
    randomFillSync(keys);
    keysUsed = 0;
  }
  for (let byte = 0; byte < 4; byte += 1) bytes[at + byte] = keys[keysUsed + byte] ?? 0;
  keysUsed += 4;
  return at + 4;
}

/** Masks in place, or takes the mask off: word by word, and byte by byte where words do not fit. */
export function mask(bytes: Buffer, keyAt: number, from: number, length: number): void {
  const end = from + length;
  const before = (4 - ((bytes.byteOffset + from) % 4)) % 4;
  const words = (length - before) >> 2;
  if (words < wordsMin) return maskBytes(bytes, keyAt, from, from, end);
  maskBytes(bytes, keyAt, from, from, from + before);
  for (let byte = 0; byte < 4; byte += 1) turnedKey[byte] = bytes[keyAt + ((before + byte) % 4)] ?? 0;
  const key = turnedKeyWord[0] ?? 0;
  const view = new Uint32Array(bytes.buffer, bytes.byteOffset + from + before, words);
  for (let word = 0; word < words; word += 1) view[word] = (view[word] ?? 0) ^ key;
  maskBytes(bytes, keyAt, from, from + before + 4 * words, end);
}

function maskBytes(bytes: Buffer, keyAt: number, payloadAt: number, from: number, to: number): void {
  for (let at = from; at < to; at += 1) {
    bytes[at] = (bytes[at] ?? 0) ^ (bytes[keyAt + ((at - payloadAt) % 4)] ?? 0);
  }
}
