/** How fast the mean follows noise: its share for each frame, half a second. */
const followShare = 0.04;

/** How fast it falls to a sound far below it, as at the first pause of who spoke from the start. */
const fallShare = 0.25;

/** How fast it rises to a least level above it, as when the caller walks into a street. */
const riseShare = 0.1;

/** The least level is that of the last 1.28 s, in eight pieces: in so long, speech has paused for a moment. */
const pieces = 8;
const pieceFrames = 8;

/** Noise whose least level is so far over the mean has risen, in dB. */
const riseDbMin = 3;

/** What is at most so far over the mean is noise, in dB. */
const noiseDbMax = 6;

/** How much of the last levels stays in the smoothed one that the least is taken of. */
const smoothShare = 0.6;

/** How fast the middle level moves to each frame's, in dB a frame: 3 dB a second. */
const middleDb = 0.066;

/** It is at most so far over the mean level, in dB: noise that has ended is soon forgotten. */
const middleRangeDb = 10;

/**
 * How fast it falls on a line that is silent to the last bit between words, in dB a frame: 20 dB a second. What is heard of such a line is
 * mostly speech, and would be taken for its noise in the end.
 */
const fadeDb = 0.4;

/** What the floor is before anything was heard, and the least that it can be: the quietest lines are above it, in dBFS. */
const quietestDb = -66;

/** How much noise varies at first, in dB. */
const usualSpreadDb = 2;

/** Where the numbers of a floor stand: the least level of each piece and those below; `frames` counts on through the pieces, and is -1 at first. */
const meanAt = pieces;
const middleAt = meanAt + 1;
const smoothedAt = middleAt + 1;
const pieceLeastAt = smoothedAt + 1;
const wholePiecesLeastAt = pieceLeastAt + 1;
const spreadAt = wholePiecesLeastAt + 1;
const framesAt = spreadAt + 1;

/** How many numbers a floor needs. */
export const floorNumbers = framesAt + 1;

/**
 * The noise of a line or of its bands: the level of each and how much it varies. Two levels are kept, and the higher counts. The mean one
 * follows what is close to it at once, and what is louder only when that has not paused for 1.28 s: so it stays low under speech, and
 * nothing steady stays above it, however loud. The middle one has as many frames above as below it in the long run, as a room full of
 * voices needs it.
 */
export class NoiseFloors {
  readonly #memory: Float64Array;
  readonly #begin: number;
  readonly #end: number;

  /** Keeps so many floors in this memory, from this place on. */
  constructor(floors: number, memory = new Float64Array(floors * floorNumbers), begin = 0) {
    this.#memory = memory;
    this.#begin = begin;
    this.#end = begin + floors * floorNumbers;
    for (let at = begin; at < this.#end; at += floorNumbers) {
      memory.fill(quietestDb, at, at + spreadAt);
      memory[at + spreadAt] = usualSpreadDb;
      memory[at + framesAt] = -1;
    }
  }

  /** The level of a noise, in dBFS. */
  levelDb(floor: number): number {
    const at = this.#begin + floor * floorNumbers;
    return Math.max(this.#memory[at + meanAt] ?? 0, this.#memory[at + middleAt] ?? 0);
  }

  /** How far the frames of a noise are from its level on average, in dB. */
  spreadDb(floor: number): number {
    return this.#memory[this.#begin + floor * floorNumbers + spreadAt] ?? 0;
  }

  /** Takes the level of the next frame, in dBFS. */
  follow(floor: number, levelDb: number): void {
    const memory = this.#memory;
    const at = this.#begin + floor * floorNumbers;
    if (isNew(memory, at)) takeFirst(memory, at, levelDb);
    keepLeast(memory, at, levelDb);
    let mean = memory[at + meanAt] ?? 0;
    const middle = Math.min(memory[at + middleAt] ?? 0, mean + middleRangeDb);
    memory[at + middleAt] = middle + (levelDb > middle ? middleDb : -middleDb);
    const off = levelDb - mean;
    if (off < -noiseDbMax) mean = moved(mean, fallShare * off);
    else if (off < noiseDbMax) {
      mean = moved(mean, followShare * off);
      const spread = memory[at + spreadAt] ?? 0;
      memory[at + spreadAt] = spread + followShare * (Math.abs(off) - spread);
    }
    const least = Math.min(memory[at + pieceLeastAt] ?? 0, memory[at + wholePiecesLeastAt] ?? 0);
    if (least > mean + riseDbMin) mean = moved(mean, riseShare * (least - mean));
    memory[at + meanAt] = mean;
  }

  /** A frame has gone by in which the line gave nothing at all. A line on which nothing was heard yet may begin as it likes. */
  fade(): void {
    const memory = this.#memory;
    for (let at = this.#begin; at < this.#end; at += floorNumbers) {
      if (isNew(memory, at)) continue;
      const mean = moved(memory[at + meanAt] ?? 0, -fadeDb);
      memory[at + meanAt] = mean;
      memory[at + middleAt] = moved(memory[at + middleAt] ?? 0, -fadeDb);
      keepLeast(memory, at, mean);
    }
  }
}

function isNew(memory: Float64Array, at: number): boolean {
  return (memory[at + framesAt] ?? 0) < 0;
}

function takeFirst(memory: Float64Array, at: number, levelDb: number): void {
  memory.fill(levelDb, at, at + spreadAt);
  memory[at + meanAt] = Math.max(quietestDb, levelDb);
  memory[at + middleAt] = Math.max(quietestDb, levelDb);
  memory[at + framesAt] = 0;
}

function keepLeast(memory: Float64Array, at: number, levelDb: number): void {
  const smoothed = smoothShare * (memory[at + smoothedAt] ?? 0) + (1 - smoothShare) * levelDb;
  const pieceLeast = Math.min(memory[at + pieceLeastAt] ?? 0, smoothed);
  const frames = Math.trunc((memory[at + framesAt] ?? 0) + 1) % (pieces * pieceFrames);
  const isWhole = frames % pieceFrames === 0;
  memory[at + smoothedAt] = smoothed;
  memory[at + framesAt] = frames;
  memory[at + pieceLeastAt] = isWhole ? smoothed : pieceLeast;
  if (!isWhole) return;
  memory[at + frames / pieceFrames] = pieceLeast;
  let least = pieceLeast;
  for (let i = 0; i < pieces; i++) least = Math.min(least, memory[at + i] ?? 0);
  memory[at + wholePiecesLeastAt] = least;
}

/** A level that moves by so much, in dB. */
function moved(levelDb: number, db: number): number {
  return Math.max(quietestDb, levelDb + db);
}
