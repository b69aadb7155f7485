import type { SessionScript } from './script.ts';
import type { Turn } from './turn.ts';
import { faultless, spoiled } from './turn-defect.ts';
import type { Rendition } from './turn-defect.ts';

/** A turn that the model takes. */
export interface ScriptedTurn {
  /** As the script has it. */
  readonly whole: Turn;
  readonly rendition: Rendition;
  /** Whether somebody asked for it, or a tool's answer opened it. */
  readonly askedBy: 'client' | 'toolAnswer';
}

/** Where a session stands in its script: the number of the turn that comes next, and a turn that is to come before it. */
export interface ScriptPlace {
  readonly turnIndex: number;
  readonly postponed: Turn | null;
}

/**
 * Hands out the turns of a script: the first answers the greeting, one more for each turn of the caller. What was given up, or came out
 * with a defect, is postponed, and comes before the next.
 */
export class TurnSupply {
  readonly #script: SessionScript;
  readonly #wordsOf: (clip: string) => string;
  #turnIndex: number;
  #postponed: Turn | null;
  /** Turns begun in this session, given-up ones left out: what the defects are counted by. */
  #taken = 0;

  constructor(script: SessionScript, place: ScriptPlace | null, wordsOf: (clip: string) => string) {
    this.#script = script;
    this.#wordsOf = wordsOf;
    this.#turnIndex = place?.turnIndex ?? script.firstTurn;
    this.#postponed = place?.postponed ?? null;
  }

  get place(): ScriptPlace {
    return { turnIndex: this.#turnIndex, postponed: this.#postponed };
  }

  /** The answer to a text, or to the caller where `text` is null. Null where the script has no more: then the model stays silent. */
  take(text: string | null): ScriptedTurn | null {
    const whole = this.#replyTo(text) ?? this.#takePostponed() ?? this.#takeNext();
    if (whole === null) return null;
    this.#taken += 1;
    return { whole, rendition: this.#perform(whole), askedBy: 'client' };
  }

  /** A turn was given up before anything of it was heard: the next answer is the same one. */
  giveBack({ whole }: ScriptedTurn): void {
    this.#postponed = whole;
    this.#taken -= 1;
  }

  postpone(turn: Turn): void {
    this.#postponed = turn;
  }

  #replyTo(text: string | null): Turn | null {
    return text === null ? null : (this.#script.replies.find(({ to }) => text.includes(to))?.turn ?? null);
  }

  #takePostponed(): Turn | null {
    const postponed = this.#postponed;
    this.#postponed = null;
    return postponed;
  }

  #takeNext(): Turn | null {
    const { turns, repeat } = this.#script;
    const index = this.#turnIndex;
    // The greeting is not repeated: a script of one turn has nothing else to give, so that one comes again.
    const repeated = turns.length > 1 ? 1 + ((index - 1) % (turns.length - 1)) : 0;
    const turn = turns[index] ?? (repeat ? turns[repeated] : undefined);
    if (turn === undefined) return null;
    this.#turnIndex += 1;
    return turn;
  }

  #perform(whole: Turn): Rendition {
    const { defects, turns, latencyMs } = this.#script;
    const number = this.#taken;
    const defect = defects.find(({ turn, times }) => number >= turn && number < turn + times);
    return defect === undefined
      ? faultless(whole)
      : spoiled(whole, defect, turns[0] ?? whole, latencyMs, this.#wordsOf);
  }
}

/** The turn that a tool's answer opens. */
export function turnOfAnswer(steps: Turn['steps']): ScriptedTurn {
  const whole: Turn = { steps, ends: 'onTime' };
  return { whole, rendition: faultless(whole), askedBy: 'toolAnswer' };
}
