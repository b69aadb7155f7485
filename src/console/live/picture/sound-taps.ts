import { mulawBytesPerMs } from '../../../audio/mulaw.ts';

/** Pieces of the agent's sound that the caller has not heard yet: no reply has more on its way. */
const unheardMax = 500;

/** Whoever listens in on a call: gets its sound piece by piece, 8 kHz mu-law. */
export interface SoundTap {
  caller(audio: Uint8Array): void;
  /** Agent audio comes ahead of the time in which the caller hears it. */
  agent(audio: Uint8Array): void;
  /** What came of the agent and was not heard yet is never heard. */
  cleared(): void;
  /** The call is over. */
  close(): void;
}

/** Those who listen in on one call. While nobody does, sound passes by and is not copied. Times are on one clock, in ms. */
export class SoundTaps {
  readonly #taps = new Set<SoundTap>();
  /** What whoever begins to listen still has to hear, and until when the caller hears it. */
  #unheard: { readonly audio: Uint8Array; readonly untilMs: number }[] = [];
  #untilMs = 0;

  get count(): number {
    return this.#taps.size;
  }

  /** Begins to listen, to what the caller hears from this moment on. Returns what ends it. */
  add(tap: SoundTap, nowMs: number): () => void {
    for (const { audio, untilMs } of this.#unheard) {
      const leftBytes = Math.min(audio.length, Math.round((untilMs - nowMs) * mulawBytesPerMs));
      if (leftBytes > 0) tap.agent(audio.subarray(audio.length - leftBytes));
    }
    this.#taps.add(tap);
    return () => void this.#taps.delete(tap);
  }

  caller(audio: Uint8Array): void {
    for (const tap of this.#taps) tap.caller(audio);
  }

  agent(audio: Uint8Array, nowMs: number): void {
    this.#untilMs = Math.max(this.#untilMs, nowMs) + audio.length / mulawBytesPerMs;
    while ((this.#unheard[0]?.untilMs ?? Infinity) <= nowMs) this.#unheard.shift();
    if (this.#unheard.length < unheardMax) this.#unheard.push({ audio, untilMs: this.#untilMs });
    for (const tap of this.#taps) tap.agent(audio);
  }

  cleared(): void {
    this.#unheard = [];
    this.#untilMs = 0;
    for (const tap of this.#taps) tap.cleared();
  }

  close(): void {
    this.#unheard = [];
    for (const tap of this.#taps) tap.close();
    this.#taps.clear();
  }
}
