import type { Clip } from '../src/sim/model/speech/speech-plan.ts';

/** −20 dBFS as an amplitude of PCM16: about as loud as speech on the telephone. */
const amplitude = 4634;

/** A tone of the agent: PCM16 at 24 kHz, with words for the transcript. */
export function toneClip(hz: number, ms: number, text: string): Clip {
  const samples = new Int16Array(ms * 24).map((_, index) => amplitude * Math.sin((2 * Math.PI * hz * index) / 24_000));
  return { pcm: new Uint8Array(samples.buffer), text };
}

/**
 * How loud each of some frequencies is in a sound, in dB against a full-scale tone: the Goertzel algorithm over the whole sound, under
 * a Hann window, so that one tone does not spill into the next.
 */
export function levelsDb(samples: Float64Array, sampleRateHz: number, frequenciesHz: readonly number[]): number[] {
  const windowed = samples.map((sample, at) => sample * (1 - Math.cos((2 * Math.PI * at) / samples.length)));
  return frequenciesHz.map((hz) => {
    const coefficient = 2 * Math.cos((2 * Math.PI * hz) / sampleRateHz);
    let last = 0;
    let beforeLast = 0;
    for (const sample of windowed) [last, beforeLast] = [sample + coefficient * last - beforeLast, last];
    const power = last * last + beforeLast * beforeLast - coefficient * last * beforeLast;
    return 10 * Math.log10((4 * power) / samples.length ** 2 + Number.MIN_VALUE);
  });
}
