const rateHz = 8000;

/** Short enough that a pause which was added between two pieces spoils only the one that it falls into. */
const pieceSamples = 0.2 * rateHz;

/** So far a piece may lie from where the one before it was found: pauses are added and left out. */
const driftSamples = 0.3 * rateHz;

/** A piece more quiet than -40 dBFS has nothing to compare. */
const loudMeanSquare = 1e-4;

/** How well one sound is to be found in another. */
export interface Likeness {
  /** Mean of the correlation of its pieces, the loud ones counting more: 1 when it is all there, unchanged. */
  readonly correlation: number;
  readonly pieces: number;
}

/** Looks for each loud piece of a sound in another one, in order. Both are at 8 kHz. */
export function likeness(sound: Float32Array, inside: Float32Array): Likeness {
  let shift: number | null = null;
  let weights = 0;
  let sum = 0;
  let pieces = 0;
  for (let at = 0; at + pieceSamples <= sound.length; at += pieceSamples) {
    const piece = sound.subarray(at, at + pieceSamples);
    const energy = energyOf(piece);
    if (energy / pieceSamples < loudMeanSquare) continue;
    const from: number = shift === null ? 0 : at + shift - driftSamples;
    const to: number = shift === null ? inside.length : at + shift + driftSamples;
    const found = bestPlace(piece, inside, Math.max(0, from), Math.min(inside.length - pieceSamples, to));
    // A piece that was cut through says nothing about where the next one is.
    if (found.correlation > 0.9) shift = found.at - at;
    weights += energy;
    sum += energy * found.correlation;
    pieces += 1;
  }
  return { correlation: weights === 0 ? 0 : sum / weights, pieces };
}

function bestPlace(
  piece: Float32Array,
  inside: Float32Array,
  from: number,
  to: number,
): { at: number; correlation: number } {
  // On the telephone nothing is higher than 4 kHz and little above 2 kHz, so every second place is near enough at first.
  const near = bestOf(piece, inside, from, to, 2);
  return bestOf(piece, inside, Math.max(from, near.at - 2), Math.min(to, near.at + 2), 1);
}

function bestOf(piece: Float32Array, inside: Float32Array, from: number, to: number, step: number) {
  let best = { at: from, correlation: 0 };
  const energy = energyOf(piece);
  for (let at = from; at <= to; at += step) {
    let product = 0;
    let energyThere = 0;
    for (let index = 0; index < piece.length; index += 1) {
      const there = inside[at + index] ?? 0;
      product += (piece[index] ?? 0) * there;
      energyThere += there * there;
    }
    const correlation = product / Math.sqrt(energy * energyThere + 1e-12);
    if (correlation > best.correlation) best = { at, correlation };
  }
  return best;
}

function energyOf(samples: Float32Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0);
}
