/** What one call of a filter takes at most: the mu-law codes of three 20 ms frames. */
export const blockCodes = 480;

/** The caller's way: a filter that doubles the rate of one call's sound. Delay 57 samples at 16 kHz (3.56 ms). */
export interface UpBlocks {
  /**
   * Makes four bytes of PCM16 little-endian at 16 kHz of each of up to `blockCodes` mu-law codes. They are read from `from` on, and written to
   * the same codes' place in `pcm16k`, which begins at four times `from`.
   */
  convert(mulaw: Uint8Array, from: number, codes: number, pcm16k: Uint8Array): void;
  /** Forgets all earlier samples. */
  reset(): void;
}

/** The agent's way: a filter that divides the rate of one call's sound by three. Delay 84 samples at 24 kHz (3.5 ms). */
export interface DownBlocks {
  /** Makes a mu-law code of each of up to `blockCodes` triples of PCM16 little-endian at 24 kHz. `from` is a byte, `to` a code. */
  convert(pcm24k: Uint8Array, from: number, triples: number, mulaw: Uint8Array, to: number): void;
  /** Forgets all earlier samples. */
  reset(): void;
}

/** The filters of calls with one mu-law codec. Both kinds that there are give the same bits, whatever the size of the blocks. */
export interface AudioFilters {
  up(): UpBlocks;
  down(): DownBlocks;
}
