import type { GatherVerb } from './twiml.ts';

/** A `<Gather>` that runs: its prompts play first, and a key may cut them off (TW-TWIML-4). */
export class Gathering {
  readonly verb: GatherVerb;
  #digits = '';
  #promptsUntilMs: number;
  #untilMs: number;

  /** The prompts play until `promptsUntilMs`. */
  constructor(verb: GatherVerb, promptsUntilMs: number) {
    this.verb = verb;
    this.#promptsUntilMs = promptsUntilMs;
    this.#untilMs = promptsUntilMs + verb.timeoutMs;
  }

  /** The keys pressed so far, without the finishing one. */
  get digits(): string {
    return this.#digits;
  }

  /** When the verb is over unless another key is pressed. */
  get untilMs(): number {
    return this.#untilMs;
  }

  isPromptingAt(atMs: number): boolean {
    return atMs < this.#promptsUntilMs;
  }

  /** Takes a key: either it ends the verb at once, or the timeout begins again. */
  press(digit: string, atMs: number): void {
    if (!this.verb.takesDtmf) return;
    this.#promptsUntilMs = Math.min(this.#promptsUntilMs, atMs);
    const finishes = digit === this.verb.finishOnKey;
    if (!finishes) this.#digits += digit;
    this.#untilMs = finishes || this.#digits.length >= this.verb.numDigits ? atMs : atMs + this.verb.timeoutMs;
  }
}
