import { pauseMeanSquareMax } from '../../audio/level.ts';
import { mulawBytesPerMs, type MulawCodec } from '../../audio/mulaw.ts';

const frameMs = 20;
const frameBytes = frameMs * mulawBytesPerMs;

/** Five minutes, which is as much as waits for the caller's ear. What lies beyond counts as voice. */
const framesMax = 15_000;

/** A pause is so much softer than the loudest 20 ms of the reply: 30 dB. The soft ends of words are louder. */
const pauseShare = 1e-3;

/** Where a reply of the agent has a voice, and where it pauses. Words are said in the voice alone. */
export class ReplySound {
  readonly #decode: MulawCodec['decode'];
  /** The mean square of each frame of 20 ms, samples from 0 to 1. */
  readonly #levels: number[] = [];
  #loudest = 0;
  /** Of the frame that is not complete. */
  #squares = 0;
  #bytes = 0;

  constructor(codec: MulawCodec) {
    this.#decode = codec.decode;
  }

  /** Another reply begins. */
  clear(): void {
    this.#levels.length = 0;
    this.#loudest = 0;
    this.#squares = 0;
    this.#bytes = 0;
  }

  /** Adds sound of the reply, 8 kHz mu-law, of any length. */
  add(mulaw: Uint8Array): void {
    if (this.#levels.length >= framesMax) return;
    const decode = this.#decode;
    for (let at = 0; at < mulaw.length;) {
      const end = Math.min(mulaw.length, at + frameBytes - this.#bytes);
      let squares = this.#squares;
      for (let i = at; i < end; i++) {
        const sample = (decode[mulaw[i] ?? 0] ?? 0) / 32_768;
        squares += sample * sample;
      }
      this.#squares = squares;
      this.#bytes += end - at;
      at = end;
      if (this.#bytes === frameBytes) this.#frameIsComplete();
    }
  }

  #frameIsComplete(): void {
    const level = this.#squares / frameBytes;
    this.#levels.push(level);
    this.#loudest = Math.max(this.#loudest, level);
    this.#squares = 0;
    this.#bytes = 0;
  }

  /** How many of the first so many ms of the reply have a voice, in whole frames. */
  voiceMs(ms: number): number {
    const floor = Math.max(pauseMeanSquareMax, this.#loudest * pauseShare);
    const frames = Math.round(ms / frameMs);
    const pauses = this.#levels.slice(0, frames).filter((level) => level < floor).length;
    return (frames - pauses) * frameMs;
  }
}
