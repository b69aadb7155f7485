/** Before anybody has spoken, nobody is too soft. */
const unknownDb = -120;

/** How fast the level follows what is louder, and what is softer: its share for each frame. */
const riseShare = 0.25;
const fallShare = 0.02;

const framesPerSecond = 50;

/** How loud the caller speaks. Who is much softer is somebody else in the room, or a television. It is forgotten slowly. */
export class TalkerLevel {
  /** The level of the caller's loud syllables, in dBFS. */
  levelDb = unknownDb;
  readonly #fallDb: number;

  constructor(fallDbPerSecond: number) {
    this.#fallDb = fallDbPerSecond / framesPerSecond;
  }

  /** Takes the level of a frame that is surely the caller's, in dBFS. */
  follow(levelDb: number): void {
    if (this.levelDb <= unknownDb) this.levelDb = levelDb;
    else this.levelDb += (levelDb > this.levelDb ? riseShare : fallShare) * (levelDb - this.levelDb);
  }

  /** A frame has gone by. */
  pass(): void {
    this.levelDb = Math.max(unknownDb, this.levelDb - this.#fallDb);
  }
}
