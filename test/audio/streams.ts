import fc from 'fast-check';

/** A converter's face to a call, whichever the direction. */
export interface ByteStream {
  push(bytes: Uint8Array): Uint8Array;
}

/** The same examples on every run, so that a failure stays. */
export const propertySettings = { seed: 20_241, numRuns: 60 };

/** Sound of up to a few frames, any bytes. */
export const anySound = fc.uint8Array({ minLength: 1, maxLength: 3000 });

/** Sizes of the pieces a sound arrives in, from nothing to several frames. */
export const anyCuts = fc.array(fc.oneof(fc.nat(7), fc.nat(1200)), { minLength: 1, maxLength: 40 });

/** Pushes the sound in pieces of the sizes of `cuts`, then the rest, and joins what comes out. */
export function pushInPieces(stream: ByteStream, sound: Uint8Array, cuts: readonly number[]): Uint8Array {
  const pieces: Uint8Array[] = [];
  let start = 0;
  for (const cut of cuts) {
    pieces.push(stream.push(sound.subarray(start, start + cut)));
    start += cut;
  }
  pieces.push(stream.push(sound.subarray(start)));
  return join(...pieces);
}

/**
 * Where two sounds first differ, the end of the shorter one included; -1 when they are the same. An assertion on it
 * stays readable, and quick, however long the sounds are.
 */
export function firstDifference(one: ArrayLike<number>, other: ArrayLike<number>): number {
  const shorter = Math.min(one.length, other.length);
  for (let i = 0; i < shorter; i++) if (one[i] !== other[i]) return i;
  return one.length === other.length ? -1 : shorter;
}

export function join(...pieces: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(pieces));
}

/** Noise that uses the whole range of bytes and is the same on every run. */
export function noise(length: number, seed = 1): Uint8Array {
  let state = seed;
  return Uint8Array.from({ length }, () => {
    state = (state * 48_271) % 2_147_483_647;
    return state >> 8;
  });
}

/** A convolution as the textbook has it: one output, every tap in turn, newest sample first. */
export function filtered(samples: readonly number[], newest: number, taps: readonly number[]): number {
  return taps.reduce((sum, tap, i) => sum + tap * (samples[newest - i] ?? 0), 0);
}

/** A symmetric filter in full: one side mirrored, a zero tap at every multiple of `band` but for the centre. */
export function impulseResponse(side: readonly number[], centre: number, band: number): number[] {
  const right = side.flatMap((tap, i) => ((i + 1) % (band - 1) === 0 && i + 1 < side.length ? [tap, 0] : [tap]));
  return [...right.toReversed(), centre, ...right];
}

/** Rounds to the nearest, halves up, and clips: written without the product's function, which is under test. */
export function toSample(value: number): number {
  return Math.max(-32_768, Math.min(32_767, Math.round(value)));
}
