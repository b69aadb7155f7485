import type { Speaker } from '../effects.ts';
import { type HeardPosition, heardWords, spokenLength, sayableWords } from './spoken-words.ts';

/** One line of a conversation holds minutes of speech; what lies beyond is a fault of the model. */
const lineCharsMax = 8_000;

/**
 * What is written down of a call, in characters: four hours of talk have some 220,000, and a line costs more than its words. The journal
 * and the memory of another process take it all.
 */
const transcriptCharsMax = 500_000;
const lineCost = 60;

/** The pace of the agent is known once so much voice of it was heard, in ms, and is that of its latest replies. */
const paceMsMin = 1_500;
const paceMsMax = 60_000;

/** A final line. `cut`: it was broken off, and `text` is what was heard. */
export interface TranscriptLine {
  readonly speaker: Speaker;
  readonly text: string;
  readonly cut: boolean;
}

/** Joins the fragments of the model's transcripts into lines: what the caller said, and what the caller *heard* of the agent. */
export class Transcript {
  #caller = '';
  #agent = '';
  /** The words of complete replies whose end was not heard: the agent's line is that of the next one. */
  #earlier: string[] = [];
  #brokenOff = '';
  #charsLeft = transcriptCharsMax;
  /** What the agent has said so far: letters, and ms of voice in which it did. */
  #paceLetters = 0;
  #paceMs = 0;

  callerSaid(fragment: string): void {
    this.#caller = (this.#caller + fragment).slice(0, lineCharsMax);
  }

  agentSaid(fragment: string): void {
    this.#agent = (this.#agent + fragment).slice(0, lineCharsMax);
    if (fragment.trim() !== '') this.#brokenOff = '';
  }

  /** What the agent is saying, as far as its audio has come. */
  agentWords(saidMs: number): string {
    return tidied([...this.#earlier, this.#sayable(saidMs)].join(' '));
  }

  #sayable(saidMs: number): string {
    return sayableWords(tidied(this.#agent), saidMs);
  }

  /** No more audio comes: words that were ahead of it are never said. */
  forgetUnsaid(saidMs: number): void {
    this.#agent = this.#sayable(saidMs);
  }

  /** The agent's line is complete, and what comes is another one. */
  endReply(): void {
    this.#earlier.push(this.#agent);
    this.#agent = '';
  }

  /** The caller has heard all of the first line that was complete, which took so much voice. */
  finishEarlier(voiceMs: number): TranscriptLine | null {
    const text = tidied(this.#earlier.shift() ?? '');
    this.#learnPace(text, voiceMs);
    return this.#written({ speaker: 'agent', text, cut: false });
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

  /** The caller has heard all of the agent's line, which took so much voice. */
  agentWasHeard(voiceMs: number): void {
    this.#learnPace(tidied(this.#agent), voiceMs);
  }

  #learnPace(text: string, voiceMs: number): void {
    const letters = spokenLength(text);
    if (letters === 0) return;
    this.#paceLetters += letters;
    this.#paceMs += voiceMs;
    if (this.#paceMs <= paceMsMax) return;
    this.#paceLetters /= 2;
    this.#paceMs /= 2;
  }

  /** The words that were heard of the line at the caller's ear: the first whose end was not heard. */
  heardOfAgent(position: HeardPosition): string {
    const pace = this.#paceMs < paceMsMin ? null : this.#paceLetters / this.#paceMs;
    return heardWords(tidied(this.#earlier[0] ?? this.#agent), position, pace);
  }

  /**
   * The agent's line is over, and so is what was to be heard before it. `heard`: the words that the caller heard of all that, where it was cut;
   * null means all.
   */
  finishAgent(heard: string | null): TranscriptLine | null {
    const text = heard ?? tidied(this.#agent);
    this.#agent = '';
    this.#earlier = [];
    return this.#written({ speaker: 'agent', text, cut: heard !== null });
  }

  /** Nothing more is written down when the transcript is full. */
  #written(line: TranscriptLine): TranscriptLine | null {
    if (line.text === '') return null;
    this.#charsLeft -= lineCost + line.text.length;
    return this.#charsLeft < 0 ? null : line;
  }
}

/** Fragments of several sessions meet with more than one space between them. */
function tidied(text: string): string {
  return text.trim().replaceAll(/\s+/g, ' ');
}
