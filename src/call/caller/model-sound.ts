import type { Resampler } from '../../audio/audio-path.ts';
import { mulawSilence } from '../../audio/mulaw.ts';
import type { Reaction } from '../reaction.ts';
import type { LineNoise } from './line-noise.ts';
import type { CallerFrame } from './speech-backlog.ts';
import { Utterance } from './utterance.ts';

/** One mu-law sample becomes two PCM16 samples of 16 kHz. */
const pcmBytesPerMulawByte = 4;

/** The sound that the model gets: frames of the caller, and silence between them. 8 kHz mu-law in, `model.sendAudio` out (16 kHz PCM16). */
export class ModelSound {
  /** What it has heard of the caller, in case that has to be said once more. */
  readonly utterance = new Utterance();
  readonly #upsampler: Resampler;
  readonly #reaction: Reaction;
  #forwardedBytes = 0;
  #resentBytes = 0;

  constructor(upsampler: Resampler, reaction: Reaction) {
    this.#upsampler = upsampler;
    this.#reaction = reaction;
  }

  /** How much was forwarded in all, each frame once. */
  get forwardedBytes(): number {
    return this.#forwardedBytes;
  }

  /** How much was forwarded once more, to a session that had not heard it. */
  get resentBytes(): number {
    return this.#resentBytes;
  }

  forward(frame: CallerFrame): void {
    if (frame.wasForwarded) this.#resentBytes += frame.audio.length;
    else this.#forwardedBytes += frame.audio.length;
    this.utterance.push(frame);
    this.#send(this.#upsampler.push(frame.audio));
  }

  /** Sends silence that goes on from what was forwarded. */
  sendQuiet(bytes: number): void {
    this.#send(this.#upsampler.push(new Uint8Array(bytes).fill(mulawSilence)));
  }

  /** Sends the noise of the line in place of sound that is held, or silence where there is none, or none is known. */
  sendInPlaceOf(bytes: number, lineNoise: LineNoise | null): void {
    const noise = lineNoise?.take(bytes) ?? null;
    this.#send(noise === null ? new Uint8Array(bytes * pcmBytesPerMulawByte) : this.#upsampler.push(noise));
  }

  /** What comes next does not go on from what was forwarded. */
  restart(): void {
    this.#upsampler.reset();
  }

  #send(pcm: Uint8Array): void {
    this.#reaction.do({ type: 'model.sendAudio', pcm });
  }
}
