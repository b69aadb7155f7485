import type { Gathering } from './gathering.ts';

/** Twilio's recogniser of `<Gather input="speech">`: it understands what its script says, one text after the other. */
export class SpeechRecogniser {
  readonly #results: readonly string[];
  #given = 0;

  constructor(results: readonly string[]) {
    this.#results = results;
  }

  /** What it understood of the caller; nothing where nobody spoke, or where the script has no more. */
  result({ hasSpeech }: Gathering): string {
    if (!hasSpeech) return '';
    this.#given += 1;
    return this.#results[this.#given - 1] ?? '';
  }
}
