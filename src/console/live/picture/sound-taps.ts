/** Whoever listens in on a call: gets its sound piece by piece, 8 kHz mu-law. */
export interface SoundTap {
  caller(audio: Uint8Array): void;
  /** Agent audio comes as it is sent, ahead of the time in which the caller hears it. */
  agent(audio: Uint8Array): void;
  /** What was sent of the agent and not heard yet is never heard. */
  cleared(): void;
  /** The call is over. */
  close(): void;
}

/** Those who listen in on one call. While nobody does, sound passes by untouched. */
export class SoundTaps implements SoundTap {
  readonly #taps = new Set<SoundTap>();

  get count(): number {
    return this.#taps.size;
  }

  /** Returns what ends the listening. */
  add(tap: SoundTap): () => void {
    this.#taps.add(tap);
    return () => void this.#taps.delete(tap);
  }

  caller(audio: Uint8Array): void {
    for (const tap of this.#taps) tap.caller(audio);
  }

  agent(audio: Uint8Array): void {
    for (const tap of this.#taps) tap.agent(audio);
  }

  cleared(): void {
    for (const tap of this.#taps) tap.cleared();
  }

  close(): void {
    for (const tap of this.#taps) tap.close();
    this.#taps.clear();
  }
}
