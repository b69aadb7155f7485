import type { Reaction } from '../reaction.ts';
import { heardNote } from './prompts.ts';

/** A reply that was cut off. */
interface CutReply {
  /** The words of it that the caller heard; null when it is not known which those were. */
  readonly heard: string | null;
  /** Whether the agent has begun another reply since, without knowing. */
  isAnswered: boolean;
  /** Whether the handle of a later session is newer, so that its recap does not tell of the cut. */
  isCovered: boolean;
  /** Whether the instruction of the session that is being opened tells of it. */
  isInInstruction: boolean;
}

/** How the model learns of it: by the answer to a tool, by a text that was sent anyway, or by the instruction of a session. */
export type HeardWay = 'tool' | 'text' | 'session';

/**
 * What the model does not know: that the caller has not heard the rest of a reply (GM-TURN-2). It is told with the next thing that asks it
 * for words anyway, once. A text of its own would cut it off, so when there is no such thing before the reply after the next, it stays
 * untold.
 */
export class UnheardWords {
  readonly #reaction: Reaction;
  #reply: CutReply | null = null;
  #told = 0;
  #untold = 0;

  constructor(reaction: Reaction) {
    this.#reaction = reaction;
  }

  /** How many cut replies the model was told of, and of how many not although it went on. */
  get tally(): { readonly heardTold: number; readonly heardUntold: number } {
    return { heardTold: this.#told, heardUntold: this.#untold };
  }

  /** A reply was cut off before all of it was heard. */
  replyCut(heard: string | null): void {
    this.#giveUp();
    this.#reply = { heard, isAnswered: false, isCovered: false, isInInstruction: false };
  }

  /** The agent begins a reply. */
  replyBegins(): void {
    if (this.#reply?.isAnswered === true) this.#giveUp();
    else if (this.#reply !== null) this.#reply.isAnswered = true;
  }

  /** What the model is told, if there is something: it is told from here on. */
  take(way: 'tool' | 'text'): string | null {
    if (this.#reply === null) return null;
    const note = heardNote(this.#reply.heard);
    this.#tell(way);
    return note;
  }

  // ── The instruction of a session ───────────────────────────────────────────────────────────────────────────────

  /** The service has kept everything up to now, but not where a reply was cut. */
  covered(): void {
    if (this.#reply !== null) this.#reply.isCovered = true;
  }

  /** A session is ordered. Returns what its instruction must say beside the recap, which tells what no handle covers. */
  forInstruction(isResumed: boolean): string | null {
    const reply = this.#reply;
    if (reply === null) return null;
    reply.isInInstruction = true;
    return isResumed && reply.isCovered ? heardNote(reply.heard) : null;
  }

  /** That session is there. */
  sessionOpened(): void {
    if (this.#reply?.isInInstruction === true) this.#tell('session');
  }

  /** The call is over. */
  end(): void {
    if (this.#reply?.isAnswered === true) this.#giveUp();
    this.#reply = null;
  }

  #tell(way: HeardWay): void {
    this.#reply = null;
    this.#told += 1;
    this.#reaction.note('info', 'heardTold', { by: way });
  }

  #giveUp(): void {
    if (this.#reply === null) return;
    this.#reply = null;
    this.#untold += 1;
    this.#reaction.note('info', 'heardUntold', {});
  }
}
