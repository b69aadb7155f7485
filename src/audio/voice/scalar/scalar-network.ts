import { type NetworkWeights, type VoiceNetwork, weightsOf } from '../voice-network.ts';

/** One weight after the other. */
export class ScalarNetwork implements VoiceNetwork {
  readonly #hidden: readonly Float64Array[];
  readonly #output: Float64Array;

  constructor({ hidden, output }: NetworkWeights) {
    this.#hidden = hidden.map((text) => Float64Array.from(weightsOf(text)));
    this.#output = Float64Array.from(weightsOf(output));
  }

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
