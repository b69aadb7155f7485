import { type Half, readRecordings } from '../../voice/material/voices.ts';
import { between, fractionsOf, type NextFraction, samplesOf, whiteNoise } from '../../voice/sounds/signal.ts';
import { makeSound, type SoundKind } from '../../voice/sounds/sounds.ts';
import type { Line } from './turn-rows.ts';

/** What callers of a regular line have around them. */
const surroundings: readonly SoundKind[] = ['babble', 'television', 'street', 'metro'];

/** How far it lies under the caller, in dB: 15 on average. */
const regularSnrDb = [12, 18] as const;
const babbleSnrDb = 15;

/** The background of a call begins again after so many seconds. */
const loopSeconds = 24;

/** Of each noise so many are made, to draw from. */
const variants = 4;

/** The noise of a quiet line: an amplitude of PCM16 for -66 dBFS. */
const lineNoise = 16;

/** What a background is made for. */
export interface BackgroundOrder {
  readonly half: Half;
  readonly line: Line;
  readonly draw: NextFraction;
  /** The active level of the caller, in dBFS. */
  readonly levelDbfs: number;
  /** Voices that are not in it. */
  readonly apart: readonly string[];
}

const made = new Map<string, Float64Array>();

/** What lies under a call, in samples of PCM16. It belongs to many calls; nobody writes into it. */
export function backgroundOf({ half, line, draw, levelDbfs, apart }: BackgroundOrder): Float64Array {
  const variant = Math.floor(variants * draw());
  if (line === 'quiet') return whiteNoise(samplesOf(loopSeconds), fractionsOf(variant)).map((one) => lineNoise * one);
  const place = Math.floor(surroundings.length * draw());
  const kind = line === 'babble' ? 'babble' : (surroundings[place] ?? 'babble');
  const snrDb = line === 'babble' ? babbleSnrDb : between(draw, ...regularSnrDb);
  const key = [half, kind, variant, ...apart].join(' ');
  const sound = made.get(key) ?? makeBackground(half, kind, variant, apart);
  made.set(key, sound);
  const gain = 10 ** ((levelDbfs - snrDb) / 20);
  return sound.map((sample) => gain * sample);
}

function makeBackground(half: Half, kind: SoundKind, seed: number, apart: readonly string[]): Float64Array {
  const others = readRecordings(half).filter(({ voice }) => !apart.includes(voice));
  return makeSound({ kind, half, seconds: loopSeconds, seed, dbfs: 0, clips: others });
}
