import fc from 'fast-check';
import type { FuzzKind } from './fuzz-kind.ts';
import { treeOf } from './json-tree.ts';
import { draft, draftText } from './mutation.ts';

/** Trials with one seed, some hundred inputs; between two such batches the memory can be looked at. */
const batchTrials = 20;

/** A failure takes minutes to shrink to the last mutation, and is understood long before. */
const shrinkMsMax = 20_000;

/** What an input did that it must not, and how to see it again. */
export interface FuzzFailure {
  readonly seed: number;
  /** Leads fast-check to the smallest inputs that it found. */
  readonly path: string;
  readonly inputs: readonly string[];
  readonly error: unknown;
}

/** What a kind came to. */
export interface FuzzOutcome {
  readonly inputs: number;
  readonly failure: FuzzFailure | null;
}

export interface FuzzOrder {
  /** At least so many inputs are tried, unless one fails. */
  readonly inputs: number;
  readonly seed: number;
  /** Only the trial at this path of the seed. */
  readonly path?: string;
  /** After each batch: how many inputs there were so far. */
  readonly onBatch?: (inputs: number) => void;
}

/** Tries mutated inputs of one kind, the same for the same seed. */
export function fuzz(kind: FuzzKind, { inputs: inputsWanted, seed, path, onBatch }: FuzzOrder): FuzzOutcome {
  const bases = kind.bases.map((base) => treeOf(JSON.parse(base)));
  const drafts = fc.array(draft, { minLength: 1, maxLength: kind.trialInputsMax, size: 'max' });
  let inputs = 0;
  const property = fc.property(drafts, (some) => {
    inputs += some.length;
    kind.trial(some.map((each) => draftText(bases, each)));
  });
  for (let batchSeed = seed; ; batchSeed += 1) {
    const result = fc.check(property, {
      seed: batchSeed,
      numRuns: path === undefined ? batchTrials : 1,
      ...(path === undefined ? {} : { path }),
      interruptAfterTimeLimit: shrinkMsMax,
      markInterruptAsFailure: false,
    });
    if (result.failed) {
      const texts = (result.counterexample?.[0] ?? []).map((each) => draftText(bases, each));
      const failure = {
        seed: batchSeed,
        path: result.counterexamplePath ?? '',
        inputs: texts,
        error: result.errorInstance,
      };
      return { inputs, failure };
    }
    onBatch?.(inputs);
    if (path !== undefined || inputs >= inputsWanted) return { inputs, failure: null };
  }
}
