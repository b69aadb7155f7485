/** Shorter sentences may well be said twice: "One moment, please." */
const repeatedCharsMin = 24;

/** More words than a turn has; what lies beyond is not compared. */
const wordsCharsMax = 2_000;

/** Compares the words of the model's current turn with those of the turn before. */
export class TurnWords {
  #words = '';
  #lastWords = '';
  #isRepeat = false;

  /** Whether the turn repeats the one before. */
  get isRepeat(): boolean {
    return this.#isRepeat;
  }

  /** The words come piece by piece. Returns whether by now they repeat the turn before. */
  add(text: string): boolean {
    this.#words = (this.#words + text).slice(0, wordsCharsMax);
    const words = this.#words.trim();
    const isRepeat = words.length >= repeatedCharsMin && words === this.#lastWords;
    if (isRepeat) this.#isRepeat = true;
    return isRepeat;
  }

  /** From here on the same words may be the answer. */
  mayRepeat(): void {
    this.#lastWords = '';
    this.#isRepeat = false;
  }

  /** What comes next is not the repetition. */
  partEnded(): void {
    this.#isRepeat = false;
  }

  /** The turn is over and the caller can hear it: the next one is compared with it. */
  keep(): void {
    const words = this.#words.trim();
    if (words !== '') this.#lastWords = words;
  }

  /** The next turn begins. */
  clear(): void {
    this.#words = '';
    this.#isRepeat = false;
  }
}
