/**
 * How long after the model has stopped audio still counts as late. The service may send more messages of that turn, with no id that tells
 * turns apart (GM-TURN-2), behind its end too (GM-TURN-4). An answer cannot come so soon, because the caller must first stop speaking.
 */
const lateMs = 400;

/** Audio that begins so long after the last of such a turn, once the caller has stopped, is that of an answer. */
const answerGapMsMin = 250;

/** The same while the caller speaks on, of a turn that the model has stopped itself: a generation that is over does not pause for so long. */
const stoppedGapMsMin = 700;

/** The same of a turn that the model broke off by mistake: it was asked for the rest, and an answer to a text takes longer. */
const askedGapMsMin = 150;

/** What the model stops for is at most so long over; else it has stopped for a text, whose answer may come at once. */
const noticedMsMax = 1_500;

/** A turn is dropped for so long beyond the caller's end. Some never end (GM-TURN-4), and an answer must not be dropped with them. */
const restMsMax = 3_000;

/** The same while the caller does not seem to stop: then it is rather noise that speaks. */
const cutMsMax = 10_000;

/** A turn of which nothing more is to be heard. */
interface LeftTurn {
  readonly atMs: number;
  /**
   * `cut`: the model does not know. `stopped` for the caller, or `brokenOff` by mistake: it does, and sends no more than is on its way.
   */
  readonly how: 'cut' | 'stopped' | 'brokenOff';
  /** When the last of it came. */
  lastMs: number;
  /** All of its audio has come, and only words may follow. */
  isGenerated: boolean;
}

/** Tells what the model still sends of a turn that was stopped, by the model or by us, from what belongs to the next one. All times in ms. */
export class LeftoverAudio {
  #turn: LeftTurn | null = null;
  #untilMs = -1;
  #callerSpeaks = false;
  #callerEndMs = -Infinity;

  /** Nothing more is taken of the turn, for a moment. */
  dropped(nowMs: number): void {
    this.#turn = null;
    this.#untilMs = nowMs + lateMs;
  }

  /** The model has stopped its turn for the caller. */
  interrupted(nowMs: number): void {
    this.#left('stopped', nowMs, false);
    this.#untilMs = nowMs + lateMs;
  }

  /** The model has stopped its turn by mistake, and is asked for the rest. */
  brokeOff(nowMs: number): void {
    this.#left('brokenOff', nowMs, false);
    this.#untilMs = nowMs + lateMs;
  }

  /** The caller interrupts a turn, and the model does not know. `isGenerated`: all of its audio has come. */
  cut(nowMs: number, isGenerated: boolean): void {
    this.#left('cut', nowMs, isGenerated);
    this.#untilMs = -1;
  }

  /** Whether the caller speaks, as our own ear hears it. */
  callerSpeaks(isSpeaking: boolean, nowMs: number): void {
    if (this.#callerSpeaks && !isSpeaking) this.#callerEndMs = nowMs;
    this.#callerSpeaks = isSpeaking;
  }

  /** The model has generated all of its turn. */
  generationCompleted(): void {
    if (this.#turn !== null) this.#turn.isGenerated = true;
  }

  /**
   * The model says that its turn is over. What comes next is new, unless it has stopped for the caller just now: an answer takes longer. Of a
   * turn that it broke off by mistake, what comes without a pause is still that turn.
   */
  turnCompleted(nowMs: number): void {
    const isForCaller = this.#callerSpeaks || nowMs < this.#callerEndMs + noticedMsMax;
    if (this.#turn !== null && this.#turn.how !== 'cut' && nowMs < this.#untilMs && isForCaller) return;
    this.#untilMs = -1;
    if (this.#turn?.how !== 'brokenOff') this.#turn = null;
  }

  /** What comes next is new: there is another session. */
  forget(): void {
    this.#turn = null;
    this.#untilMs = -1;
  }

  /** Audio comes. Returns whether it is late. */
  audioCame(nowMs: number): boolean {
    const turn = this.#turn;
    const isLate = this.isLate(nowMs) && (turn === null || !turn.isGenerated || nowMs < this.#untilMs);
    if (!isLate) this.#turn = null;
    else if (turn !== null) turn.lastMs = nowMs;
    return isLate;
  }

  /** Whether words that come now are those of an old turn: they may come behind its audio (GM-TURN-3). */
  isLate(nowMs: number): boolean {
    return nowMs < this.#untilMs || (this.#turn !== null && this.#isRest(this.#turn, nowMs));
  }

  #left(how: LeftTurn['how'], nowMs: number, isGenerated: boolean): void {
    this.#turn = { how, atMs: nowMs, lastMs: nowMs, isGenerated };
  }

  #isRest({ how, atMs, lastMs }: LeftTurn, nowMs: number): boolean {
    if (how === 'brokenOff') return nowMs < lastMs + askedGapMsMin && nowMs < atMs + restMsMax;
    if (!this.#callerSpeaks) {
      return nowMs < lastMs + answerGapMsMin && nowMs < Math.max(atMs, this.#callerEndMs) + restMsMax;
    }
    return how === 'stopped' ? nowMs < lastMs + stoppedGapMsMin && nowMs < atMs + restMsMax : nowMs < atMs + cutMsMax;
  }
}
