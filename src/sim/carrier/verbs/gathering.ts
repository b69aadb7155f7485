import type { FormFields } from '../carrier-events.ts';
import type { GatherVerb } from '../twiml/twiml.ts';
import { isVoiced } from './voiced.ts';

/** A `<Gather>` that runs: its prompts play first, and a key or a voice may cut them off (TW-TWIML-4). */
export class Gathering {
  readonly verb: GatherVerb;
  #digits = '';
  #spoke = false;
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

  /** When the verb is over unless another key is pressed or more is said. */
  get untilMs(): number {
    return this.#untilMs;
  }

  /** Whether something was said that counts: a key that was pressed comes first. */
  get hasSpeech(): boolean {
    return this.#spoke && this.#digits === '';
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

  /** Takes 20 ms of the caller: speech cuts the prompts off, and is over after some silence. */
  hear(audio: Uint8Array | null, atMs: number): void {
    if (!this.verb.takesSpeech || this.#digits !== '' || audio === null || !isVoiced(audio)) return;
    this.#spoke = true;
    this.#promptsUntilMs = Math.min(this.#promptsUntilMs, atMs);
    this.#untilMs = atMs + this.verb.speechTimeoutMs;
  }
}

/** The recogniser is sure of itself. */
const confidence = '0.9';

/** The fields of the action of `<Gather>`; null where there was no input. `speech`: what the recogniser understood. */
export function gatherForm(gathering: Gathering, speech: string): FormFields | null {
  if (gathering.hasSpeech && speech !== '') return { SpeechResult: speech, Confidence: confidence };
  const { digits, verb } = gathering;
  return digits === '' && !verb.actionOnEmptyResult ? null : { Digits: digits };
}
