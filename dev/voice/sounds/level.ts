import { frameSamples } from './signal.ts';

/** How far under the loudest frame a sound still counts as active, in dB. */
const activeRangeDb = 20;

/** How far under its active level speech still counts as begun, in dB. */
const onsetRangeDb = 15;

const blockSamples = 80;

/** Blocks in a row that must be so loud: a click of the tongue is shorter than 40 ms. */
const onsetBlocks = 4;

/**
 * The active level of a sound as a power: the mean over those of its 20 ms frames that are at most 20 dB under the loudest. Pauses do not
 * make a sound softer. SNR is the active level of the speech over that of the noise, both after the filter of the telephone band.
 */
export function activePower(sound: Float64Array): number {
  const powers = blockPowers(sound, frameSamples);
  const least = Math.max(...powers, 0) * fromDb(-activeRangeDb);
  const active = powers.filter((power) => power >= least);
  return active.reduce((sum, power) => sum + power, 0) / Math.max(1, active.length);
}

/** A sound at another active level, in dBFS; silence stays what it is. */
export function atLevel(sound: Float64Array, dbfs: number): Float64Array {
  const power = activePower(sound);
  if (power === 0) return sound;
  const gain = Math.sqrt((32_768 ** 2 * fromDb(dbfs)) / power);
  return sound.map((sample) => gain * sample);
}

/**
 * From where to where somebody speaks in a recording, in samples: from the first of four 10 ms blocks in a row that are at most 15 dB
 * under its active level, to the end of the last such block.
 */
export function speechSpan(sound: Float64Array): { readonly onset: number; readonly end: number } {
  const powers = blockPowers(sound, blockSamples);
  const least = activePower(sound) * fromDb(-onsetRangeDb);
  const first = powers.findIndex((_, block) =>
    powers.slice(block, block + onsetBlocks).every((power) => power >= least),
  );
  const last = powers.findLastIndex((power) => power >= least);
  return { onset: Math.max(0, first) * blockSamples, end: (last + 1) * blockSamples };
}

/** A ratio of powers, of dB. */
export function fromDb(db: number): number {
  return 10 ** (db / 10);
}

function blockPowers(sound: Float64Array, samples: number): number[] {
  return Array.from({ length: Math.floor(sound.length / samples) }, (_, block) => {
    let sum = 0;
    for (let i = block * samples; i < (block + 1) * samples; i++) sum += (sound[i] ?? 0) ** 2;
    return sum / samples;
  });
}
