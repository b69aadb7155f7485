/** A kind of input: which true messages are mutated, and where they go. */
export interface FuzzKind {
  readonly name: string;
  /** What share of all inputs is of this kind, from 0 to 1. */
  readonly share: number;
  /** True messages, as JSON. */
  readonly bases: readonly string[];
  /** How many inputs one trial takes at most: they go to the same call, one after the other. */
  readonly trialInputsMax: number;
  /** Puts the inputs of one trial in. Throws when something comes of it that must not. */
  readonly trial: (texts: readonly string[]) => void;
}

/** What must not come of any input. */
export class FuzzFinding extends Error {
  override readonly name = 'FuzzFinding';
}
