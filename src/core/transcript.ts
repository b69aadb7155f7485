import type { Speaker } from './effects.ts';
import type { ReplyPosition } from './playout.ts';

/** One line of a conversation holds minutes of speech; what lies beyond is a fault of the model. */
const lineCharsMax = 8_000;

/** A final line. `cut`: the caller interrupted, and `text` is what was heard. */
export interface TranscriptLine {
  readonly speaker: Speaker;
  readonly text: string;
  readonly cut: boolean;
}

/** Joins the fragments of the model's transcripts into lines: what the caller said, and what the caller *heard* of the agent. */
export class Transcript {
  #caller = '';
  #agent = '';
  #brokenOff = '';

  callerSaid(fragment: string): void {
    this.#caller = (this.#caller + fragment).slice(0, lineCharsMax);
  }

  agentSaid(fragment: string): void {
    this.#agent = (this.#agent + fragment).slice(0, lineCharsMax);
    if (fragment.trim() !== '') this.#brokenOff = '';
  }

  /** The agent's line so far. */
  get agentWords(): string {
    return tidied(this.#agent);
  }

  /** The agent's line will not be said to its end by the session that began it. */
  breakOff(): void {
    if (this.agentWords !== '') this.#brokenOff = this.agentWords;
  }

  /** The words with which the agent's last reply broke off, also when the caller has heard them by now. */
  get brokenOffWords(): string {
    return this.agentWords === '' ? this.#brokenOff : this.agentWords;
  }

  /** What the caller said goes to another model session, which writes it down again. */
  forgetCaller(): void {
    this.#caller = '';
  }

  /** Another model session goes on with the lines: its words are other words. */
  sessionChanged(): void {
    if (this.#caller !== '') this.callerSaid(' ');
    if (this.#agent !== '') this.agentSaid(' ');
  }

  settleCaller(): TranscriptLine | null {
    const text = tidied(this.#caller);
    this.#caller = '';
    return text === '' ? null : { speaker: 'caller', text, cut: false };
  }

  /** The agent's line is over. A position says how much of it the caller heard; null means all. */
  settleAgent(position: ReplyPosition | null): TranscriptLine | null {
    const whole = tidied(this.#agent);
    this.#agent = '';
    const cut = position !== null && (position.sentMs === 0 || position.heardMs < position.sentMs);
    const text = cut ? heardPart(whole, position) : whole;
    return text === '' ? null : { speaker: 'agent', text, cut };
  }
}

/**
 * The words that fit into what was heard. Transcripts run ahead of the audio or behind it and carry no times (GM-TURN-3), so
 * the share of the reply's audio is the share of its characters, back to a whole word.
 */
function heardPart(text: string, { sentMs, heardMs }: ReplyPosition): string {
  // Words that came ahead of their audio, none of which was sent.
  if (sentMs === 0) return '';
  const chars = Math.floor((text.length * heardMs) / sentMs);
  const lastSpace = text.slice(0, chars + 1).lastIndexOf(' ');
  return lastSpace <= 0 ? '' : text.slice(0, lastSpace);
}

/** Fragments of several sessions meet with more than one space between them. */
function tidied(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
