/** A frame as a socket takes it: its bytes, or a text of which each character is a byte. */
export type WireBytes = Uint8Array | string;

/** What the first bytes of a WebSocket frame say (RFC 6455, section 5.2). */
export const opcodes = { text: 1, close: 8, ping: 9, pong: 10 } as const;

/** The longest payloads whose length stands in the second byte, and in the two behind it. */
const shortBytesMax = 125;
const mediumBytesMax = 0xffff;

/**
 * A frame with this text, which must be ASCII: a text of bytes, which costs less to write than to copy. `isMasked`: a client must mask what it
 * sends. The mask is of zeros, so the payload stands in it as it is.
 */
export function wireText(text: string, isMasked: boolean, opcode: number = opcodes.text): string {
  const { length } = text;
  const maskBit = isMasked ? 0x80 : 0;
  const first = String.fromCharCode(0x80 | opcode);
  const mask = isMasked ? '\0\0\0\0' : '';
  if (length <= shortBytesMax) return first + String.fromCharCode(maskBit | length) + mask + text;
  if (length <= mediumBytesMax)
    return first + String.fromCharCode(maskBit | 126, length >> 8, length & 0xff) + mask + text;
  const lengthBytes = Array.from({ length: 8 }, (_, at) => (at < 4 ? 0 : (length >>> (8 * (7 - at))) & 0xff));
  return first + String.fromCharCode(maskBit | 127, ...lengthBytes) + mask + text;
}

/** The same as bytes, for what is sent again and again. */
export function wireBytes(text: string, isMasked: boolean): Uint8Array {
  return Buffer.from(wireText(text, isMasked), 'latin1');
}

const nothing = Buffer.alloc(0);

/** Reads the frames of a socket, whole ones only: the bridges that are measured send no other. */
export class WireReader {
  readonly #onFrame: (opcode: number, payload: Buffer) => void;
  #rest: Buffer = nothing;

  /** `onFrame` gets the payload without its mask; it is good until it returns. */
  constructor(onFrame: (opcode: number, payload: Buffer) => void) {
    this.#onFrame = onFrame;
  }

  push(chunk: Buffer): void {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let from = 0;
    for (let end = this.#read(bytes, from); end > from; end = this.#read(bytes, from)) from = end;
    this.#rest = from === bytes.length ? nothing : bytes.subarray(from);
  }

  /** Reads the frame that begins here. Returns where it ends; where it begins if it is not all there. */
  #read(bytes: Buffer, from: number): number {
    if (bytes.length < from + 2) return from;
    const second = bytes[from + 1] ?? 0;
    const told = second & 0x7f;
    const lengthBytes = told === 127 ? 8 : told === 126 ? 2 : 0;
    const maskAt = from + 2 + lengthBytes;
    const isMasked = second >= 0x80;
    const payloadAt = maskAt + (isMasked ? 4 : 0);
    if (bytes.length < payloadAt) return from;
    const length =
      lengthBytes === 0 ? told : bytes.readUIntBE(maskAt - Math.min(lengthBytes, 6), Math.min(lengthBytes, 6));
    const end = payloadAt + length;
    if (bytes.length < end) return from;
    if (isMasked) unmask(bytes, maskAt, end);
    this.#onFrame((bytes[from] ?? 0) & 0x0f, bytes.subarray(payloadAt, end));
    return end;
  }
}

function unmask(bytes: Buffer, maskAt: number, end: number): void {
  const mask = [bytes[maskAt] ?? 0, bytes[maskAt + 1] ?? 0, bytes[maskAt + 2] ?? 0, bytes[maskAt + 3] ?? 0] as const;
  const from = maskAt + 4;
  for (let at = from; at < end; at += 1) bytes[at] = (bytes[at] ?? 0) ^ (mask[(at - from) & 3] ?? 0);
}
