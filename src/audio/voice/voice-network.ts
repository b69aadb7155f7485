/** The weights of a network as text: for each hidden unit its bias and one weight for each input, and the same for what comes out. */
export interface NetworkWeights {
  readonly hidden: readonly string[];
  readonly output: string;
}

/**
 * A network of one hidden layer whose units cut off what is negative. It has but sums, products and comparisons, in one order, so that it
 * gives the same figure on every machine; nothing is allocated when it is asked.
 */
export class VoiceNetwork {
  readonly #hidden: readonly Float64Array[];
  readonly #output: Float64Array;

  constructor({ hidden, output }: NetworkWeights) {
    this.#hidden = hidden.map(numbersOf);
    this.#output = numbersOf(output);
  }

  /** How much the inputs are like a voice, as the natural logarithm of a likelihood ratio: above 0 for a voice. */
  score(inputs: Float64Array): number {
    let score = this.#output[0] ?? 0;
    for (let unit = 0; unit < this.#hidden.length; unit++) {
      const weights = this.#hidden[unit];
      if (weights === undefined) continue;
      let sum = weights[0] ?? 0;
      for (let i = 0; i < inputs.length; i++) sum += (weights[i + 1] ?? 0) * (inputs[i] ?? 0);
      if (sum > 0) score += sum * (this.#output[unit + 1] ?? 0);
    }
    return score;
  }
}

function numbersOf(text: string): Float64Array {
  return Float64Array.from(text.split(' '), Number);
}
