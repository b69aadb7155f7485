/**
 * How long after an interruption audio still counts as late. The service may send a few more messages of that turn, with no id that tells
 * turns apart (GM-TURN-2). A new answer cannot come so soon, because the caller must first stop speaking.
 */
const lateMs = 400;

/** Audio that begins so long after the last of a turn that was cut, once the caller has stopped, is that of an answer. */
const newAnswerMsMin = 250;

/** A turn that was cut is dropped for so long beyond the caller's end. Some never end (GM-TURN-2), and an answer must not be dropped with them. */
const restMsMax = 3_000;

/** The same while the caller does not seem to stop: then it is rather noise that speaks. */
const cutMsMax = 10_000;

/** A turn that was cut while the model did not know. */
interface CutTurn {
  readonly atMs: number;
  /** When the last of it came. */
  lastMs: number;
  /** All of its audio has come, and only words may follow. */
  isGenerated: boolean;
}

/** Tells what the model still sends of a turn that was interrupted or cut from what belongs to the next one. All times in ms. */
export class LeftoverAudio {
  #untilMs = -1;
  #cut: CutTurn | null = null;
  /** Since when the caller has been silent; null while the caller speaks. */
  #callerEndMs: number | null = null;

  /** The model has stopped its turn, or nothing more is taken of it. */
  interrupted(nowMs: number): void {
    this.#cut = null;
    this.#untilMs = nowMs + lateMs;
  }

  /** The caller interrupts a turn, and the model does not know. `isGenerated`: all of its audio has come. */
  cut(nowMs: number, isGenerated: boolean): void {
    this.#cut = { atMs: nowMs, lastMs: nowMs, isGenerated };
    this.#callerEndMs = null;
  }

  /** The caller, for whom a turn was cut, has stopped, or speaks again. */
  callerSpeaks(isSpeaking: boolean, nowMs: number): void {
    this.#callerEndMs = isSpeaking ? null : (this.#callerEndMs ?? nowMs);
  }

  /** The model has generated all of its turn. */
  generationCompleted(): void {
    if (this.#cut !== null) this.#cut.isGenerated = true;
  }

  /** What comes next is new. */
  ended(): void {
    this.#cut = null;
    this.#untilMs = -1;
  }

  /** Audio comes. Returns whether it is late. */
  audioCame(nowMs: number): boolean {
    const isLate =
      this.#cut === null ? nowMs < this.#untilMs : !this.#cut.isGenerated && this.#isRest(this.#cut, nowMs);
    if (!isLate) this.#cut = null;
    else if (this.#cut !== null) this.#cut.lastMs = nowMs;
    return isLate;
  }

  /** Whether words that come now are those of an old turn: they may come behind its audio (GM-TURN-3). */
  isLate(nowMs: number): boolean {
    return this.#cut === null ? nowMs < this.#untilMs : this.#isRest(this.#cut, nowMs);
  }

  #isRest({ atMs, lastMs }: CutTurn, nowMs: number): boolean {
    const endMs = this.#callerEndMs;
    if (endMs === null) return nowMs < atMs + cutMsMax;
    return nowMs < lastMs + newAnswerMsMin && nowMs < Math.max(atMs, endMs) + restMsMax;
  }
}
