import { type NetworkWeights, type VoiceNetwork, weightsOf } from '../voice-network.ts';
import { voiceModule, type VoiceModule } from './voice-module.ts';

// As `voice.wat` has it.
const inputsAt = 624;
const weightsAt = 752;

/** So many units are summed up at once. */
const abreast = 8;

/** Eight units at a time; null where WebAssembly or its SIMD is missing, or the network is too large for its memory. */
export function simdNetwork(weights: NetworkWeights): VoiceNetwork | null {
  const module = voiceModule();
  if (module === null) return null;
  const { numbers } = module;
  const [bias = 0, ...outputs] = weightsOf(weights.output);
  const units = weights.hidden.map(weightsOf);
  const groups = Array.from({ length: Math.ceil(units.length / abreast) }, (_, group) => abreast * group);
  const all = groups.flatMap((unit) => [
    ...sideBySide(units.slice(unit, unit + abreast)),
    ...sideBySide(outputs.slice(unit, unit + abreast).map((output) => [output])),
  ]);
  const inputs = (units[0]?.length ?? 1) - 1;
  if (groups.length === 0 || inputs > weightsAt - inputsAt || all.length > numbers.length - weightsAt - 2) return null;
  numbers[weightsAt] = bias;
  numbers.set(all, weightsAt + 2);
  return new SimdNetwork(module, inputs, groups.length);
}

/** The first number of each of eight rows, then the second of each, and so on; zeros for rows that are missing. */
function sideBySide(rows: readonly (readonly number[])[]): number[] {
  const columns = rows[0]?.length ?? 0;
  return Array.from({ length: abreast * columns }, (_, i) => rows[i % abreast]?.[Math.floor(i / abreast)] ?? 0);
}

class SimdNetwork implements VoiceNetwork {
  readonly #module: VoiceModule;
  readonly #inputs: number;
  readonly #groups: number;

  constructor(module: VoiceModule, inputs: number, groups: number) {
    this.#module = module;
    this.#inputs = inputs;
    this.#groups = groups;
  }

  score(inputs: Float64Array): number {
    const { numbers } = this.#module;
    for (let i = 0; i < this.#inputs; i++) numbers[inputsAt + i] = inputs[i] ?? 0;
    return this.#module.score(this.#inputs, this.#groups);
  }
}
