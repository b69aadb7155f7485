import type { Speaker } from '../effects.ts';
import type { ReplyPosition } from '../agent/playout.ts';

/** One line of a conversation holds minutes of speech; what lies beyond is a fault of the model. */
const lineCharsMax = 8_000;

/**
 * What is written down of a call, in characters: four hours of talk have some 220,000, and a line costs more than its words. The journal
 * and the memory of another process take it all.
 */
const transcriptCharsMax = 500_000;
const lineCost = 60;

/** Nobody speaks faster: characters beyond these, in a second of sound, came ahead of it (GM-TURN-3). */
const charsPerSecondMax = 20;

/** No word is longer, in languages that put spaces between words. */
const wordCharsMax = 40;

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
  #charsLeft = transcriptCharsMax;

  callerSaid(fragment: string): void {
    this.#caller = (this.#caller + fragment).slice(0, lineCharsMax);
  }

  agentSaid(fragment: string): void {
    this.#agent = (this.#agent + fragment).slice(0, lineCharsMax);
    if (fragment.trim() !== '') this.#brokenOff = '';
  }

  /** The agent's line as far as its audio has come. */
  agentWords(saidMs: number): string {
    return spokenPart(tidied(this.#agent), saidMs);
  }

  /** No more audio comes: words that were ahead of it are never said. */
  forgetUnsaid(saidMs: number): void {
    this.#agent = this.agentWords(saidMs);
  }

  /** The agent's line will not be said to its end by the session that began it. */
  breakOff(): void {
    if (this.#agent !== '') this.#brokenOff = this.#agent;
  }

  /** The words with which the agent's last reply broke off, also when the caller has heard them by now. */
  brokenOffWords(saidMs: number): string {
    const words = this.agentWords(saidMs);
    return words === '' ? this.#brokenOff : words;
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

  finishCaller(): TranscriptLine | null {
    const text = tidied(this.#caller);
    this.#caller = '';
    return this.#written({ speaker: 'caller', text, cut: false });
  }

  /** The agent's line is over. A position says how much of it the caller heard; null means all. */
  finishAgent(position: ReplyPosition | null): TranscriptLine | null {
    const whole = tidied(this.#agent);
    this.#agent = '';
    const cut = position !== null && (position.sentMs === 0 || position.heardMs < position.sentMs);
    const text = cut ? heardPart(spokenPart(whole, position.sentMs), position) : whole;
    return this.#written({ speaker: 'agent', text, cut });
  }

  /** Nothing more is written down when the transcript is full. */
  #written(line: TranscriptLine): TranscriptLine | null {
    if (line.text === '') return null;
    this.#charsLeft -= lineCost + line.text.length;
    return this.#charsLeft < 0 ? null : line;
  }
}

/** The words that may have been spoken in a sound of this length. */
function spokenPart(text: string, soundMs: number): string {
  return wholeWords(text, Math.floor((charsPerSecondMax * soundMs) / 1000));
}

/**
 * The words that fit into what was heard. Transcripts run ahead of the audio or behind it and carry no times (GM-TURN-3), so
 * the share of the reply's audio is the share of its characters.
 */
function heardPart(text: string, { sentMs, heardMs }: ReplyPosition): string {
  return sentMs === 0 ? '' : wholeWords(text, Math.floor((text.length * heardMs) / sentMs));
}

/** The first characters, back to a whole word where the language puts spaces between words. */
function wholeWords(text: string, chars: number): string {
  if (chars >= text.length) return text;
  if (text.length > wordCharsMax && !text.includes(' ')) return text.slice(0, chars);
  const lastSpace = text.slice(0, chars + 1).lastIndexOf(' ');
  return lastSpace <= 0 ? '' : text.slice(0, lastSpace);
}

/** Fragments of several sessions meet with more than one space between them. */
function tidied(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
