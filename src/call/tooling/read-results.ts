import type { ToolResponse } from './tool-call.ts';

/** Results for which no session has asked again are kept for a short time only: a minute later they may be wrong. */
const resultsMax = 16;
const strayMsMax = 60_000;

/** What a tool found out, while it is of use to a session that did not hear of it. */
interface Result {
  readonly wish: string;
  readonly response: ToolResponse;
  readonly untilMs: number;
}

/** Results of tools that changed nothing, for a session that asks once more because the one before was lost. */
export class ReadResults {
  /** Results of which no session knows. */
  #stray: readonly Result[] = [];
  /** Results that the present session has, and that are in no handle yet: if it is lost, so are they. */
  #uncovered: readonly Result[] = [];

  /** Keeps a result. `isHeard`: the present session has it. */
  add(wish: string, response: ToolResponse, nowMs: number, isHeard: boolean): void {
    const result = { wish, response, untilMs: nowMs + strayMsMax };
    if (isHeard) this.#uncovered = newest([...this.#uncovered, result]);
    else this.#stray = newest([...this.#stray, result]);
  }

  /** Takes out what was found out for such a wish, if no session knows it and it is not too old; null if there is no such result. */
  take(wish: string, nowMs: number): ToolResponse | null {
    const stray = this.#stray.find((result) => nowMs < result.untilMs && result.wish === wish);
    if (stray === undefined) return null;
    this.#stray = this.#stray.filter((result) => result !== stray);
    return stray.response;
  }

  sessionLost(): void {
    this.#stray = newest([...this.#stray, ...this.#uncovered]);
    this.#uncovered = [];
  }

  /** The service has kept everything up to now: a resumed session knows these results. */
  covered(): void {
    this.#uncovered = [];
  }
}

function newest(results: readonly Result[]): readonly Result[] {
  return results.slice(-resultsMax);
}
