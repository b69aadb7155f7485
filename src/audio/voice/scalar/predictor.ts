import { leftAt, tiltAt, voiceFrameSamples } from '../frame-arithmetic.ts';

/** A linear predictor of this order predicts two tones. */
const predictorOrder = 4;

/** What is left of the frame that is measured, predicted from behind and from ahead. The latter stands so many places further on as the order says. */
const forward = new Float64Array(voiceFrameSamples);
const backward = new Float64Array(voiceFrameSamples);

/** Burg's method: what is left of a frame once each of its samples is predicted from the four beside it. */
export function predict(filtered: Float64Array, line: Float64Array): void {
  let reflection = firstReflection(filtered);
  let left = 1 - reflection * reflection;
  line[tiltAt] = reflection;
  for (let order = 2; order <= predictorOrder; order++) {
    reflection = nextReflection(order, reflection);
    left *= 1 - reflection * reflection;
  }
  line[leftAt] = left;
}

/** How well samples and those before them foresee each other, -1 to 1. Every other one is summed apart: two sums do not wait for each other. */
function firstReflection(filtered: Float64Array): number {
  let behind = filtered[0] ?? 0;
  forward[0] = behind;
  backward[0] = behind;
  let evenProduct = 0;
  let oddProduct = 0;
  let evenPowers = 0;
  let oddPowers = 0;
  for (let i = 1; i + 1 < forward.length; i += 2) {
    const ahead = filtered[i] ?? 0;
    const next = filtered[i + 1] ?? 0;
    forward[i] = ahead;
    backward[i] = ahead;
    forward[i + 1] = next;
    backward[i + 1] = next;
    evenProduct += ahead * behind;
    evenPowers += ahead * ahead + behind * behind;
    oddProduct += next * ahead;
    oddPowers += next * next + ahead * ahead;
    behind = next;
  }
  const last = filtered[forward.length - 1] ?? 0;
  forward[forward.length - 1] = last;
  backward[backward.length - 1] = last;
  evenProduct += last * behind;
  evenPowers += last * last + behind * behind;
  return reflectionOf(evenProduct + oddProduct, evenPowers + oddPowers);
}

/** Predicts once more, by the reflection of the order before, and finds how well what is left foresees each other at this one. */
function nextReflection(order: number, reflection: number): number {
  const begin = order - 1;
  // Of the beginning of a frame nothing is left at each order.
  let behind = (backward[0] ?? 0) - reflection * (forward[begin] ?? 0);
  backward[0] = behind;
  let evenProduct = 0;
  let oddProduct = 0;
  let evenPowers = 0;
  let oddPowers = 0;
  let i = order;
  for (; i + 1 < forward.length; i += 2) {
    const at = i - begin;
    const ahead = (forward[i] ?? 0) - reflection * (backward[at] ?? 0);
    const nextBehind = (backward[at] ?? 0) - reflection * (forward[i] ?? 0);
    const next = (forward[i + 1] ?? 0) - reflection * (backward[at + 1] ?? 0);
    const last = (backward[at + 1] ?? 0) - reflection * (forward[i + 1] ?? 0);
    forward[i] = ahead;
    forward[i + 1] = next;
    backward[at] = nextBehind;
    backward[at + 1] = last;
    evenProduct += ahead * behind;
    evenPowers += ahead * ahead + behind * behind;
    oddProduct += next * nextBehind;
    oddPowers += next * next + nextBehind * nextBehind;
    behind = last;
  }
  if (i < forward.length) {
    const ahead = (forward[i] ?? 0) - reflection * (backward[i - begin] ?? 0);
    backward[i - begin] = (backward[i - begin] ?? 0) - reflection * (forward[i] ?? 0);
    forward[i] = ahead;
    evenProduct += ahead * behind;
    evenPowers += ahead * ahead + behind * behind;
  }
  return reflectionOf(evenProduct + oddProduct, evenPowers + oddPowers);
}

function reflectionOf(product: number, powers: number): number {
  return powers > 0 ? (2 * product) / powers : 0;
}
