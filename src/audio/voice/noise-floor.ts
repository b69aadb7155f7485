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

/**
 * The noise of a line: its level and how much it varies. Two levels are kept, and the higher counts. The mean one follows what is close to
 * it at once, and what is louder only when that has not paused for 1.28 s: so it stays low under speech, and nothing steady stays above
 * it, however loud. The middle one has as many frames above as below it in the long run, as a room full of voices needs it.
 */
export class NoiseFloor {
  /** How far its frames are from that on average, in dB. */
  spreadDb = usualSpreadDb;

  readonly #least = new Float64Array(pieces).fill(quietestDb);
  #pieceLeast = 0;
  #frames = 0;
  #meanDb = quietestDb;
  #middleDb = quietestDb;
  #smoothed = quietestDb;
  #isFirst = true;

  /** The level of the noise, in dBFS. */
  get levelDb(): number {
    return Math.max(this.#meanDb, this.#middleDb);
  }

  /** How far a level is over the noise, in dB. */
  excessDb(levelDb: number): number {
    return levelDb - this.levelDb;
  }

  /** Takes the level of the next frame, in dBFS. */
  follow(levelDb: number): void {
    if (this.#isFirst) this.#begin(levelDb);
    this.#keepLeast(levelDb);
    this.#middleDb = Math.min(this.#middleDb, this.#meanDb + middleRangeDb);
    this.#middleDb += levelDb > this.#middleDb ? middleDb : -middleDb;
    const off = levelDb - this.#meanDb;
    if (off < -noiseDbMax) this.#move(fallShare * off);
    else if (off < noiseDbMax) {
      this.#move(followShare * off);
      this.spreadDb += followShare * (Math.abs(off) - this.spreadDb);
    }
    let least = this.#pieceLeast;
    for (let i = 0; i < pieces; i++) least = Math.min(least, this.#least[i] ?? 0);
    if (least > this.#meanDb + riseDbMin) this.#move(riseShare * (least - this.#meanDb));
  }

  /** A frame has gone by in which the line gave nothing at all. A line on which nothing was heard yet may begin as it likes. */
  fade(): void {
    if (this.#isFirst) return;
    this.#move(-fadeDb);
    this.#middleDb = Math.max(quietestDb, this.#middleDb - fadeDb);
    this.#keepLeast(this.#meanDb);
  }

  #begin(levelDb: number): void {
    this.#isFirst = false;
    this.#meanDb = Math.max(quietestDb, levelDb);
    this.#middleDb = this.#meanDb;
    this.#smoothed = levelDb;
    this.#pieceLeast = levelDb;
    this.#least.fill(levelDb);
  }

  #move(db: number): void {
    this.#meanDb = Math.max(quietestDb, this.#meanDb + db);
  }

  #keepLeast(levelDb: number): void {
    this.#smoothed = smoothShare * this.#smoothed + (1 - smoothShare) * levelDb;
    this.#pieceLeast = Math.min(this.#pieceLeast, this.#smoothed);
    this.#frames += 1;
    if (this.#frames % pieceFrames !== 0) return;
    this.#least[(this.#frames / pieceFrames) % pieces] = this.#pieceLeast;
    this.#pieceLeast = this.#smoothed;
  }
}
