/** Telephone sound has so many samples, of one byte each, in a millisecond. */
export const samplesPerMs = 8;

/** How loud a mu-law code is, 0 to 127: the codes of G.711 count their loudness, all bits turned. */
export function loudnessOf(code: number): number {
  return ~code & 0x7f;
}

/** The amplitude, 0 to 1, of each loudness (G.711: three bits of exponent, four of mantissa). */
export const amplitudes: readonly number[] = Array.from({ length: 128 }, (_, loudness) => {
  const magnitude = ((2 * (loudness & 15) + 33) << (loudness >> 4)) - 33;
  return magnitude / 8031;
});

/** Adds the samples of a piece of mu-law sound to `target`, each multiplied by `gain`. */
export function addSamples(mulaw: Uint8Array, from: number, target: Float32Array, gain: number): void {
  const end = Math.min(target.length, mulaw.length - from);
  for (let at = 0; at < end; at += 1) {
    const code = mulaw[from + at] ?? 0xff;
    const amplitude = amplitudes[loudnessOf(code)] ?? 0;
    target[at] = (target[at] ?? 0) + gain * (code < 0x80 ? -amplitude : amplitude);
  }
}
