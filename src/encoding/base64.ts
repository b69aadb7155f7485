/**
 * Short pieces are cut from slabs of their own. Those of Node's pool are shared with every buffer of the process, and a piece that a call
 * keeps would hold 64 kB of them.
 */
const slabBytes = 8 * 1024;
const pieceBytesMax = slabBytes / 8;

let slab = Buffer.allocUnsafeSlow(slabBytes);
let slabUsed = 0;

/** Decodes base64 with padding, as both remotes write it; `null` if the text is empty or anything else. Bits beyond the last byte are not looked at. */
export function decodeBase64(text: string): Uint8Array | null {
  if (text.length === 0 || text.length % 4 !== 0 || text.includes('-') || text.includes('_')) return null;
  const padding = text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0;
  const length = (text.length / 4) * 3 - padding;
  if (length > pieceBytesMax) return decoded(text, Buffer.allocUnsafeSlow(length), 0, length);
  if (slabUsed + length > slabBytes) {
    slab = Buffer.allocUnsafeSlow(slabBytes);
    slabUsed = 0;
  }
  const piece = decoded(text, slab, slabUsed, length);
  if (piece !== null) slabUsed += length;
  return piece;
}

/** Buffer also takes the URL alphabet. What else it does not understand it skips: then there are fewer bytes than the length promises. */
function decoded(text: string, target: Buffer, at: number, length: number): Uint8Array | null {
  if (target.write(text, at, length, 'base64') !== length) return null;
  return new Uint8Array(target.buffer, target.byteOffset + at, length);
}

/** Encodes bytes as base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
