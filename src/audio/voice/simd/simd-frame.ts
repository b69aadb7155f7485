import {
  type FrameArithmetic,
  lineNumbers,
  pitchAt,
  pitchKept,
  powerAt,
  voiceFrameSamples,
} from '../frame-arithmetic.ts';
import { voiceModule, type VoiceModule } from './voice-module.ts';

// As `voice.wat` has it. What else is kept of a line stands at the beginning.
const samplesAt = 10;
const soundAt = 170;
const foundAt = 268;

/** Of the sound that a pitch is looked for in, so much is forgotten with each frame. */
const soundStep = 40;

// Read once: the loops below run with every frame.
const [kept, keptSound, samplesEach, found] = [pitchAt, pitchKept, voiceFrameSamples, lineNumbers - powerAt];

/** Two numbers at a time; null where WebAssembly or its SIMD is missing. */
export function simdFrame(): FrameArithmetic | null {
  const module = voiceModule();
  return module === null ? null : new SimdFrame(module);
}

/** All lines share one: a line keeps its numbers itself, and lends them for the time of a frame. */
class SimdFrame implements FrameArithmetic {
  readonly samples: Float64Array;
  readonly #module: VoiceModule;

  constructor(module: VoiceModule) {
    this.samples = module.numbers.subarray(samplesAt, samplesAt + samplesEach);
    this.#module = module;
  }

  // Mostly one by one: for so few, calling the engine's own copy takes longer than the copy.
  measure(samples: Float64Array, line: Float64Array): void {
    const { numbers } = this.#module;
    for (let i = 0; i < kept; i++) numbers[i] = line[i] ?? 0;
    for (let i = 0; i < keptSound; i++) numbers[soundAt + i] = line[kept + i] ?? 0;
    if (samples !== this.samples) this.samples.set(samples);
    this.#module.measure();
    for (let i = 0; i < kept; i++) line[i] = numbers[i] ?? 0;
    for (let i = 0; i < keptSound; i++) line[kept + i] = numbers[soundAt + soundStep + i] ?? 0;
    for (let i = 0; i < found; i++) line[kept + keptSound + i] = numbers[foundAt + i] ?? 0;
  }
}
