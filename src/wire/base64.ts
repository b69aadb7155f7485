/** Decodes base64 with padding, as both remotes write it; `null` if the text is empty or anything else. */
export function decodeBase64(text: string): Uint8Array | null {
  const bytes = Buffer.from(text, 'base64');
  // Buffer skips what it does not understand. Writing the bytes again is the strict check, and native code does it.
  if (bytes.length === 0 || bytes.toString('base64') !== text) return null;
  // A plain copy: Buffer's `slice` shares memory where Uint8Array's copies, and small Buffers share one pool.
  return new Uint8Array(bytes);
}

/** Encodes bytes as base64 with padding. */
export function encodeBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('base64');
}
