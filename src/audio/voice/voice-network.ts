/** The weights of a network as text: for each hidden unit its bias and one weight for each input, and the same for what comes out. */
export interface NetworkWeights {
  readonly hidden: readonly string[];
  readonly output: string;
}

/**
 * A network of one hidden layer whose units cut off what is negative. It has but sums, products and comparisons, in one order, so that it
 * gives the same figure on every machine; nothing is allocated when it is asked.
 */
export interface VoiceNetwork {
  /** How much the inputs are like a voice, as the natural logarithm of a likelihood ratio: above 0 for a voice. */
  score(inputs: Float64Array): number;
}

/** The weights of a hidden unit, or those of what comes out: first the bias. */
export function weightsOf(text: string): readonly number[] {
  return text.split(' ').map(Number);
}
