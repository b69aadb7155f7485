import type { Script, Turn } from './script.ts';

/** A turn with its place in the script; null for one that a tool's answer opened. */
export interface ScriptedTurn {
  readonly turn: Turn;
  readonly index: number | null;
}

/** Hands out the turns of a script: the first answers the greeting, one more for each turn of the caller. */
export class TurnSupply {
  readonly #script: Script;
  #nextIndex: number;

  constructor(script: Script, nextIndex: number) {
    this.#script = script;
    this.#nextIndex = nextIndex;
  }

  get nextIndex(): number {
    return this.#nextIndex;
  }

  /** The next turn, or null where the script has no more: then the model stays silent. */
  take(): ScriptedTurn | null {
    const { turns, repeat } = this.#script;
    const index = this.#nextIndex;
    // The greeting is not repeated: a script of one turn has nothing else to give, so that one comes again.
    const repeated = turns.length > 1 ? 1 + ((index - 1) % (turns.length - 1)) : 0;
    const turn = turns[index] ?? (repeat ? turns[repeated] : undefined);
    if (turn === undefined) return null;
    this.#nextIndex += 1;
    return { turn, index };
  }

  /** A turn was given up before anything of it was heard: the next answer is the same one. */
  giveBack(index: number): void {
    this.#nextIndex = index;
  }
}
