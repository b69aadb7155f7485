import { addAt, between, type NextFraction, note, samplesOf } from './signal.ts';

/** Tones that sound together for so long, then a pause. */
interface Cadence {
  readonly hz: readonly number[];
  readonly onMs: number;
  readonly offMs: number;
}

const keyRowsHz = [697, 770, 852, 941] as const;
const keyColumnsHz = [1209, 1336, 1477, 1633] as const;

/** A tone of the network, such as ringback or busy: its steps again and again. */
export function callProgress(seconds: number, steps: readonly Cadence[]): Float64Array {
  const sound = new Float64Array(samplesOf(seconds));
  for (let at = 0; at < sound.length;) {
    for (const { hz, onMs, offMs } of steps) {
      for (const tone of hz) addAt(sound, at, note(tone, onMs, [1 / hz.length], 3, 1e9));
      at += samplesOf((onMs + offMs) / 1000);
    }
  }
  return sound;
}

/** Keys of a telephone (DTMF), each held for so many milliseconds, in groups as a number is typed. */
export function keys(seconds: number, draw: NextFraction, heldMs: readonly [number, number]): Float64Array {
  const sound = new Float64Array(samplesOf(seconds));
  for (let at = samplesOf(0.5); at < sound.length;) {
    const ms = between(draw, ...heldMs);
    for (const row of [keyRowsHz, keyColumnsHz])
      addAt(sound, at, note(row[Math.floor(4 * draw())] ?? 697, ms, [0.5], 1, 1e9));
    at += samplesOf((ms + (draw() < 0.15 ? between(draw, 1_000, 3_000) : between(draw, 50, 300))) / 1000);
  }
  return sound;
}
