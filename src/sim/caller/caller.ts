import type { MulawCodec } from '../../audio/mulaw.ts';
import { mulawSilence } from '../../audio/mulaw.ts';
import type { CallerScript, CallerStep } from './caller-script.ts';
import { type Handset, handsetFrameBytes as frameBytes, silentFrame, type SpokenFrame, type Voice } from './handset.ts';
import { rmsOfLevel, sineOfTurns } from './sound.ts';

const frameMs = 20;
const sampleRateHz = 8000;
/** How long a key is held and released: 200 ms is an unhurried finger. */
const keyFrames = 10;

/** What a {@link Caller} is made of. */
export interface CallerSettings {
  readonly script: CallerScript;
  /** Recorded speech by name: mu-law at 8 kHz. Holds every clip that the script names. */
  readonly clips: ReadonlyMap<string, Uint8Array>;
  readonly codec: MulawCodec;
  /** 32-bit unsigned integers, for the noise. */
  readonly nextRandom: () => number;
  /** Told of each clip as it begins. */
  readonly onSay?: (clip: string) => void;
}

/** Whether a step is over, and the sound of this frame if it is not. */
type StepFrame = { readonly type: 'over' } | ({ readonly type: 'goes' } & Partial<SpokenFrame>);

const over: StepFrame = { type: 'over' };
const quiet: StepFrame = { type: 'goes' };

/**
 * A person on the phone who follows a script, 20 ms at a time: it is asked for the next frame, and told whose voice
 * was to be heard in the last one. It has no clock; frames are its time.
 */
export class Caller implements Handset {
  readonly #settings: CallerSettings;
  readonly #noiseRms: number;
  #step = 0;
  /** Frames that the current step has lasted. */
  #frames = 0;
  /** Frames on end for which a `waitFor` has held. */
  #heldFrames = 0;
  #gaveUpStep: number | null = null;

  constructor(settings: CallerSettings) {
    this.#settings = settings;
    const { noiseDbfs } = settings.script;
    this.#noiseRms = noiseDbfs === undefined ? 0 : rmsOfLevel(noiseDbfs);
  }

  /** The next 20 ms. */
  nextFrame(voice: Voice | null): SpokenFrame {
    this.#gaveUpStep = null;
    const { audio = silentFrame, digit = null, hangsUp = false } = this.#play(voice);
    this.#frames += 1;
    return { audio: audio && this.#addNoise(audio), digit, hangsUp, gaveUpStep: this.#gaveUpStep };
  }

  /** Runs steps until one fills a frame; what ends without sound costs no time. */
  #play(voice: Voice | null): Partial<SpokenFrame> {
    for (;;) {
      const step = this.#settings.script.steps[this.#step];
      if (step === undefined) return {};
      const frame = this.#playStep(step, voice);
      if (frame.type === 'goes') return frame;
      this.#step += 1;
      this.#frames = 0;
      this.#heldFrames = 0;
    }
  }

  #playStep(step: CallerStep, voice: Voice | null): StepFrame {
    const elapsedMs = this.#frames * frameMs;
    if ('say' in step) {
      if (this.#frames === 0) this.#settings.onSay?.(step.say);
      return this.#playClip(this.#settings.clips.get(step.say) ?? new Uint8Array());
    }
    if ('tone' in step) return elapsedMs < step.tone.ms ? this.#playTone(step.tone.hz, step.tone.levelDbfs) : over;
    if ('pauseMs' in step) return elapsedMs < step.pauseMs ? quiet : over;
    if ('muteMs' in step) return elapsedMs < step.muteMs ? { type: 'goes', audio: null } : over;
    if ('dtmf' in step) return this.#press(step.dtmf);
    if ('hangUp' in step) return this.#frames === 0 ? { type: 'goes', hangsUp: true } : quiet;
    const holds = step.waitFor === 'agentSpeaking' ? voice === 'agent' : voice === null;
    return this.#listen(holds, step.ms, step.withinMs);
  }

  #playClip(clip: Uint8Array): StepFrame {
    const startByte = this.#frames * frameBytes;
    if (startByte >= clip.length) return over;
    const audio = clip.subarray(startByte, startByte + frameBytes);
    return { type: 'goes', audio: audio.length === frameBytes ? audio : padded(audio) };
  }

  #playTone(hz: number, levelDbfs: number): StepFrame {
    const amplitude = rmsOfLevel(levelDbfs) * Math.SQRT2;
    const firstSample = this.#frames * frameBytes;
    const turnsPerSample = hz / sampleRateHz;
    const audio = Uint8Array.from({ length: frameBytes }, (_, sample) =>
      this.#encode(amplitude * sineOfTurns((firstSample + sample) * turnsPerSample)),
    );
    return { type: 'goes', audio };
  }

  #press(keys: string): StepFrame {
    const digit = keys[this.#frames / keyFrames];
    if (digit !== undefined) return { type: 'goes', digit };
    return this.#frames < keys.length * keyFrames ? quiet : over;
  }

  #listen(holds: boolean, forMs: number, withinMs: number): StepFrame {
    // What was heard belongs to the frame before this one, so the first frame of a step can already count.
    this.#heldFrames = holds ? this.#heldFrames + 1 : 0;
    if (this.#heldFrames > 0 && this.#heldFrames * frameMs >= forMs) return over;
    if (this.#frames * frameMs < withinMs) return quiet;
    this.#gaveUpStep = this.#step;
    return over;
  }

  #addNoise(audio: Uint8Array): Uint8Array {
    if (this.#noiseRms === 0) return audio;
    const { nextRandom, codec } = this.#settings;
    const noisy = new Uint8Array(audio.length);
    for (let i = 0; i < audio.length; i++) {
      // White noise: evenly spread values, whose RMS is their largest one over the square root of three.
      const noise = (nextRandom() / 0x8000_0000 - 1) * this.#noiseRms * Math.sqrt(3);
      noisy[i] = this.#encode((codec.decode[audio[i] ?? 0] ?? 0) + noise);
    }
    return noisy;
  }

  #encode(sample: number): number {
    const clipped = Math.max(-32_768, Math.min(32_767, Math.round(sample)));
    return this.#settings.codec.encode[clipped + 32_768] ?? mulawSilence;
  }
}

function padded(audio: Uint8Array): Uint8Array {
  const frame = silentFrame.slice();
  frame.set(audio);
  return frame;
}
