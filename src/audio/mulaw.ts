/** G.711 mu-law as two tables, so that one sample costs one array read. */
export interface MulawCodec {
  /** 256 entries: mu-law code to PCM16 sample value (-32124 to 32124). */
  readonly decode: Float64Array;
  /** 65,536 entries: PCM16 sample value + 32768 to mu-law code. */
  readonly encode: Uint8Array;
}

/** The mu-law code of a zero sample, as G.711 transmits it: what a frame of silence is filled with. */
export const mulawSilence = 0xff;

/** At 8 kHz one byte is one sample. */
export const mulawBytesPerMs = 8;

/**
 * Tabulates a mu-law implementation that works on one sample: `encodeSample` takes -32768 to 32767 and returns a code
 * 0 to 255, `decodeSample` is its inverse.
 */
export function createMulawCodec(
  encodeSample: (sample: number) => number,
  decodeSample: (code: number) => number,
): MulawCodec {
  return {
    decode: Float64Array.from({ length: 256 }, (_, code) => decodeSample(code)),
    encode: new Uint8Array(65_536).map((_, index) => encodeSample(index - 32_768)),
  };
}

/** Encodes PCM16 little-endian; half a sample at the end is none. */
export function encodePcm16(pcm16: Uint8Array, { encode }: MulawCodec): Uint8Array {
  const view = new DataView(pcm16.buffer, pcm16.byteOffset, pcm16.byteLength);
  const samples = Math.floor(pcm16.length / 2);
  return new Uint8Array(samples).map((_, index) => encode[view.getInt16(2 * index, true) + 32_768] ?? 0);
}
