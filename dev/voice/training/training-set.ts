import { mulawSilence } from '../../../src/audio/mulaw.ts';
import { VoiceInputs, voiceInputs } from '../../../src/audio/voice/voice-inputs.ts';
import { codec } from '../../audio/codec.ts';
import { frameSamples } from '../sounds/signal.ts';
import type { TrainingLine } from './training-lines.ts';

/** The frames that a network learns from. */
export interface TrainingSet {
  /** So many frames, with their inputs one after the other. */
  readonly frames: number;
  readonly inputs: Float32Array;
  /** 1 where somebody speaks, 0 where nobody does. */
  readonly isVoice: Uint8Array;
  readonly weights: Float32Array;
}

/** From when to when after an onset a frame that ends there is one by which it should be noticed, in ms; and how much it counts. */
const onsetMs = [15, 150] as const;
const onsetWeight = 3;

/** Later in speech a frame counts less, and only when it is at most so far under the active level. */
const speechWeight = 0.5;
const speechDbMin = -16;

/** So long around speech, frames tell nothing for sure, in ms. */
const beforeMs = 60;
const afterMs = 200;

/** While the noise of a line is not known yet, frames count so much. */
const unknownFrames = 25;
const unknownWeight = 0.2;

/** Makes the frames of lines into a set in which voice and everything else weigh the same. */
export function trainingSetOf(lines: Iterable<TrainingLine>): TrainingSet {
  const inputs: Float32Array[] = [];
  const isVoice: number[] = [];
  const weights: number[] = [];
  for (const line of lines) {
    const heard = new VoiceInputs();
    const samples = new Float64Array(frameSamples);
    for (let frame = 0; (frame + 1) * frameSamples <= line.near.length; frame++) {
      const at = frame * frameSamples;
      const mulaw = line.near.subarray(at, at + frameSamples);
      if (mulaw.every((code) => (code | 0x80) === mulawSilence)) {
        heard.measureSilence();
        continue;
      }
      for (let i = 0; i < frameSamples; i++) samples[i] = codec.decode[mulaw[i] ?? 0] ?? 0;
      heard.measure(samples);
      const { voice, weight } = labelOf(line, frame);
      if (weight === 0) continue;
      inputs.push(Float32Array.from(heard.values));
      isVoice.push(voice);
      weights.push(weight);
    }
  }
  const set = { frames: inputs.length, inputs: new Float32Array(inputs.length * voiceInputs) };
  for (const [frame, values] of inputs.entries()) set.inputs.set(values, frame * voiceInputs);
  return { ...set, isVoice: Uint8Array.from(isVoice), weights: balanced(isVoice, weights) };
}

function labelOf(line: TrainingLine, frame: number): { voice: 0 | 1; weight: number } {
  const endMs = 20 * (frame + 1);
  const span = line.spans.find((one) => endMs > one.onsetMs - beforeMs && endMs - 20 <= one.endMs + afterMs);
  if (span === undefined) return { voice: 0, weight: line.weight * (frame < unknownFrames ? unknownWeight : 1) };
  const sinceMs = endMs - span.onsetMs;
  if (sinceMs < onsetMs[0]) return { voice: 1, weight: 0 };
  if (sinceMs <= onsetMs[1]) return { voice: 1, weight: onsetWeight };
  return { voice: 1, weight: cleanDb(line.clean, frame) > speechDbMin ? speechWeight : 0 };
}

function cleanDb(clean: Float64Array, frame: number): number {
  let power = 0;
  for (let i = frame * frameSamples; i < (frame + 1) * frameSamples; i++) power += (clean[i] ?? 0) ** 2;
  return 10 * Math.log10(power / frameSamples / 32_768 ** 2 + 1e-12);
}

function balanced(isVoice: readonly number[], weights: readonly number[]): Float32Array {
  const sums = [0, 0];
  for (const [frame, weight] of weights.entries())
    sums[isVoice[frame] ?? 0] = (sums[isVoice[frame] ?? 0] ?? 0) + weight;
  return Float32Array.from(
    weights,
    (weight, frame) => (weight * weights.length) / 2 / (sums[isVoice[frame] ?? 0] ?? 1),
  );
}
