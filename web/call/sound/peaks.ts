import { loudnessOf, samplesPerMs } from './mulaw-sound.ts';

/** How many samples the finest level sums up: 8 ms. */
const finest = 64;

/** Each level sums up so many buckets of the one below it. */
const ratio = 4;

/** The loudest samples of a lane of sound at several zoom levels, so that an hour is drawn as fast as a second. */
export class Peaks {
  readonly #mulaw: Uint8Array;
  readonly #levels: readonly Uint8Array[];

  constructor(mulaw: Uint8Array) {
    this.#mulaw = mulaw;
    const levels = [finestLevel(mulaw)];
    for (let level = levels[0]; level !== undefined && level.length > ratio;) {
      level = coarser(level);
      levels.push(level);
    }
    this.#levels = levels;
  }

  /** How loud each of so many columns is, 0 to 127, from `fromMs` on. */
  columns(fromMs: number, msPerColumn: number, count: number): Uint8Array {
    const columns = new Uint8Array(count);
    const samplesPerColumn = msPerColumn * samplesPerMs;
    let level = -1;
    let width = 1;
    for (let next = finest; next <= samplesPerColumn && level + 1 < this.#levels.length; next *= ratio) {
      level += 1;
      width = next;
    }
    const buckets = this.#levels[level];
    for (let column = 0; column < count; column += 1) {
      const from = (fromMs * samplesPerMs + column * samplesPerColumn) / width;
      const to = Math.max(Math.floor(from) + 1, Math.floor(from + samplesPerColumn / width));
      columns[column] = this.#loudest(buckets, Math.floor(from), to);
    }
    return columns;
  }

  #loudest(buckets: Uint8Array | undefined, from: number, to: number): number {
    let most = 0;
    const end = Math.min(to, (buckets ?? this.#mulaw).length);
    for (let at = Math.max(0, from); at < end; at += 1) {
      const loudness = buckets === undefined ? loudnessOf(this.#mulaw[at] ?? 0xff) : (buckets[at] ?? 0);
      if (loudness > most) most = loudness;
    }
    return most;
  }
}

function finestLevel(mulaw: Uint8Array): Uint8Array {
  const level = new Uint8Array(Math.ceil(mulaw.length / finest));
  for (let bucket = 0; bucket < level.length; bucket += 1) {
    let most = 0;
    const end = Math.min(mulaw.length, (bucket + 1) * finest);
    for (let at = bucket * finest; at < end; at += 1) {
      const loudness = ~(mulaw[at] ?? 0xff) & 0x7f;
      if (loudness > most) most = loudness;
    }
    level[bucket] = most;
  }
  return level;
}

function coarser(level: Uint8Array): Uint8Array {
  const next = new Uint8Array(Math.ceil(level.length / ratio));
  for (const [at, loudness] of level.entries()) {
    const bucket = Math.floor(at / ratio);
    if (loudness > (next[bucket] ?? 0)) next[bucket] = loudness;
  }
  return next;
}
