import { mulawBytesPerMs, mulawSilence } from '../../audio/mulaw.ts';

/** The first piece of a lane; it doubles from there. A minute is longer than most calls of a test. */
const firstBytes = 60_000 * mulawBytesPerMs;

/** Sound on a time axis: 8 kHz mu-law from the call's first millisecond on, and silence where nothing was put. */
export class SoundLane {
  readonly #bytesMax: number;
  #bytes = new Uint8Array(firstBytes).fill(mulawSilence);
  #end = 0;

  constructor(msMax: number) {
    this.#bytesMax = msMax * mulawBytesPerMs;
  }

  /** All there is, up to the last sound. */
  get sound(): Uint8Array {
    return this.#bytes.subarray(0, this.#end);
  }

  /** Puts sound where it was heard. What is beyond the end of the time axis is left out. */
  put(atMs: number, sound: Uint8Array): void {
    const from = Math.max(0, Math.round(atMs * mulawBytesPerMs));
    const fitting = sound.subarray(0, Math.max(0, this.#bytesMax - from));
    const end = from + fitting.length;
    if (fitting.length === 0) return;
    if (end > this.#bytes.length) this.#grow(end);
    this.#bytes.set(fitting, from);
    this.#end = Math.max(this.#end, end);
  }

  #grow(end: number): void {
    const grown = new Uint8Array(Math.min(this.#bytesMax, Math.max(end, 2 * this.#bytes.length))).fill(mulawSilence);
    grown.set(this.#bytes.subarray(0, this.#end));
    this.#bytes = grown;
  }
}
