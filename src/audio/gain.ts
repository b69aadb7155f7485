import type { MulawCodec } from './mulaw.ts';

/** A table that makes mu-law sound louder or softer by so many decibels: the new code of each of the 256 codes. */
export function gainTable({ decode, encode }: MulawCodec, gainDb: number): Uint8Array {
  const factor = 10 ** (gainDb / 20);
  return Uint8Array.from(decode, (sample) => {
    const changed = Math.round(Math.min(32_767, Math.max(-32_768, sample * factor)));
    return encode[changed + 32_768] ?? 0;
  });
}

/** The sound with each code replaced by that of the table, in a buffer of its own. */
export function withGain(mulaw: Uint8Array, table: Uint8Array): Uint8Array {
  return mulaw.map((code) => table[code] ?? code);
}
