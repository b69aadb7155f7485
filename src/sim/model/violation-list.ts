/** Something the client did that the service lets pass and a test should not. */
export interface Violation {
  readonly atMs: number;
  /** The id of the rule, as in `docs/protocol/gemini.md`. */
  readonly rule: string;
  readonly what: string;
}

/** A client that breaks a rule with every frame of audio would fill the memory; the first hundred tell enough. */
const violationsMax = 100;

/** Collects what a client did wrong in one session. */
export class ViolationList {
  readonly #violations: Violation[] = [];

  add(violation: Violation): void {
    if (this.#violations.length < violationsMax) this.#violations.push(violation);
  }

  all(): readonly Violation[] {
    return this.#violations;
  }
}
