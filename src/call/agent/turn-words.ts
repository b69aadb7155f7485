/** Shorter sentences may well be said twice: "One moment, please." */
const repeatedCharsMin = 24;

/** More words than a turn has; what lies beyond is not compared. */
const wordsCharsMax = 2_000;

/** The words of the model's present turn: tells when they are the words of the turn before. */
export class TurnWords {
  #words = '';
  #lastWords = '';
  #isRepeat = false;

  /** Whether the turn has turned out to be said twice. */
  get isRepeat(): boolean {
    return this.#isRepeat;
  }

  /** The words come piece by piece. Returns whether they are by now the very words of the turn before. */
  add(text: string): boolean {
    this.#words = (this.#words + text).slice(0, wordsCharsMax);
    const words = this.#words.trim();
    const isRepeat = words.length >= repeatedCharsMin && words === this.#lastWords;
    if (isRepeat) this.#isRepeat = true;
    return isRepeat;
  }

  /** To say the same again may be the answer. */
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
