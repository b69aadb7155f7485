/** What is wrong with a turn of the model that has ended without anything to hear. */
export type TurnFault = 'silentTurn' | 'textOnlyTurn' | 'inaudibleTurn';

/** Shorter sentences may well be said twice: "One moment, please." */
const repeatedCharsMin = 24;

/** More words than a turn has; what lies beyond is not compared. */
const wordsCharsMax = 2_000;

/** What the present turn of the model has brought: tells an empty one from one that is silent for a reason, and one that is said twice. */
export class ModelTurn {
  #hasSound = false;
  #hasText = false;
  #hasReason = false;
  #isRepeat = false;
  #words = '';
  #lastWords = '';

  /** The words of the turn, piece by piece. Returns whether they are by now the very words of the turn before. */
  wordsCame(text: string): boolean {
    this.#words = (this.#words + text).slice(0, wordsCharsMax);
    const words = this.#words.trim();
    const isRepeat = words.length >= repeatedCharsMin && words === this.#lastWords;
    if (isRepeat) this.#isRepeat = true;
    return isRepeat;
  }

  /** Whether the turn has turned out to be said twice: what still comes of it is not to be heard. */
  get isRepeat(): boolean {
    return this.#isRepeat;
  }

  /** Text that is not spoken: a thought, or words whose sound is missing. */
  textCame(): void {
    this.#hasText = true;
  }

  soundCame(): void {
    this.#hasSound = true;
  }

  /** The model called a tool, waits for the caller, was interrupted or stopped: it owes no words for this turn. */
  mayBeSilent(): void {
    this.#hasReason = true;
  }

  /** The caller has said something, or the model was told something: to say the same again may be the answer. */
  mayRepeat(): void {
    this.#lastWords = '';
    this.#isRepeat = false;
  }

  /** One of the turns of which a model that thinks makes its reply is over. */
  partEnded(): void {
    this.#isRepeat = false;
  }

  /** The session is gone, and the end of its turn never comes. */
  broken(): void {
    this.#forget();
  }

  /** The turn is over. Returns what was wrong with it, or null. */
  ended(wasAudible: boolean): TurnFault | null {
    const words = this.#words.trim();
    const fault = this.#hasSound ? 'inaudibleTurn' : words === '' && !this.#hasText ? 'silentTurn' : 'textOnlyTurn';
    const isFine = wasAudible || this.#hasReason;
    if (wasAudible && words !== '') this.#lastWords = words;
    this.#forget();
    return isFine ? null : fault;
  }

  #forget(): void {
    this.#words = '';
    this.#hasSound = false;
    this.#hasText = false;
    this.#hasReason = false;
    this.#isRepeat = false;
  }
}
