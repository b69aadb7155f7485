import type { NetworkWeights } from '../../../src/audio/voice/voice-network.ts';
import { fractionsOf, type NextFraction } from '../sounds/signal.ts';
import type { TrainingSet } from './training-set.ts';

const batchFrames = 1024;
const epochs = 12;
const firstStep = 0.003;

/** How fast weights shrink that nothing needs. */
const decay = 1e-4;

/** Adam: how much of the mean gradient and of its mean square stays. */
const meanShare = 0.9;
const squareShare = 0.999;

/**
 * Learns a network of so many hidden units by gradient descent (Adam) on the logistic loss. The weights of one unit stand together: its
 * bias, and one for each input; those of the output stand last.
 */
export function trainNetwork(set: TrainingSet, hidden: number): NetworkWeights {
  const inputs = set.inputs.length / set.frames;
  const row = inputs + 1;
  const count = hidden * row + hidden + 1;
  const draw = fractionsOf(1);
  const weights = firstWeights(inputs, hidden, draw);
  const gradient = new Float64Array(count);
  const mean = new Float64Array(count);
  const square = new Float64Array(count);
  const units = new Float64Array(hidden);
  const order = Uint32Array.from({ length: set.frames }, (_, frame) => frame);
  let steps = 0;
  for (let epoch = 0; epoch < epochs; epoch++) {
    shuffle(order, draw);
    for (let first = 0; first < order.length; first += batchFrames) {
      gradient.fill(0);
      const last = Math.min(order.length, first + batchFrames);
      for (let at = first; at < last; at++) addGradient(set, order[at] ?? 0, weights, units, gradient);
      steps += 1;
      const step = firstStep * (1 - epoch / epochs);
      for (let i = 0; i < count; i++) {
        const slope = (gradient[i] ?? 0) / (last - first) + decay * (weights[i] ?? 0);
        mean[i] = meanShare * (mean[i] ?? 0) + (1 - meanShare) * slope;
        square[i] = squareShare * (square[i] ?? 0) + (1 - squareShare) * slope * slope;
        const size = Math.sqrt((square[i] ?? 0) / (1 - squareShare ** steps)) + 1e-8;
        weights[i] = (weights[i] ?? 0) - (step * ((mean[i] ?? 0) / (1 - meanShare ** steps))) / size;
      }
    }
  }
  return {
    hidden: Array.from({ length: hidden }, (_, unit) => textOf(weights.subarray(unit * row, (unit + 1) * row))),
    output: textOf(weights.subarray(hidden * row)),
  };
}

function firstWeights(inputs: number, hidden: number, draw: NextFraction): Float64Array {
  const row = inputs + 1;
  return new Float64Array(hidden * row + hidden + 1).map((_, i) => {
    const isBias = i >= hidden * row ? i === hidden * row : i % row === 0;
    if (isBias) return 0;
    // Even draws with the spread that keeps sums near 1.
    return ((2 * draw() - 1) * Math.sqrt(3)) / Math.sqrt(i >= hidden * row ? hidden : inputs);
  });
}

function shuffle(order: Uint32Array, draw: NextFraction): void {
  for (let i = order.length - 1; i > 0; i--) {
    const other = Math.floor(draw() * (i + 1));
    const held = order[i] ?? 0;
    order[i] = order[other] ?? 0;
    order[other] = held;
  }
}

/** Adds what one frame says about each weight. */
function addGradient(
  { inputs, isVoice, weights: frameWeights, frames }: TrainingSet,
  frame: number,
  weights: Float64Array,
  units: Float64Array,
  gradient: Float64Array,
): void {
  const width = inputs.length / frames;
  const row = width + 1;
  const from = frame * width;
  const outputAt = units.length * row;
  let score = weights[outputAt] ?? 0;
  for (let unit = 0; unit < units.length; unit++) {
    const at = unit * row;
    let sum = weights[at] ?? 0;
    for (let i = 0; i < width; i++) sum += (weights[at + 1 + i] ?? 0) * (inputs[from + i] ?? 0);
    units[unit] = Math.max(0, sum);
    score += (units[unit] ?? 0) * (weights[outputAt + 1 + unit] ?? 0);
  }
  const slope = (1 / (1 + Math.exp(-score)) - (isVoice[frame] ?? 0)) * (frameWeights[frame] ?? 0);
  gradient[outputAt] = (gradient[outputAt] ?? 0) + slope;
  for (let unit = 0; unit < units.length; unit++) {
    const value = units[unit] ?? 0;
    if (value === 0) continue;
    const out = outputAt + 1 + unit;
    gradient[out] = (gradient[out] ?? 0) + slope * value;
    const unitSlope = slope * (weights[out] ?? 0);
    const at = unit * row;
    gradient[at] = (gradient[at] ?? 0) + unitSlope;
    for (let i = 0; i < width; i++)
      gradient[at + 1 + i] = (gradient[at + 1 + i] ?? 0) + unitSlope * (inputs[from + i] ?? 0);
  }
}

function textOf(weights: Float64Array): string {
  return Array.from(weights, (weight) => String(Number(weight.toFixed(3)))).join(' ');
}
