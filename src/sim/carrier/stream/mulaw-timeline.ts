import { mulawSilence } from '../../../audio/mulaw.ts';

/** 10 s: most calls of a test fit without growing twice. */
const initialBytes = 80_000;

/**
 * Mu-law audio placed on a time axis, silence (0xFF) wherever nothing was written. Positions are bytes, and so eighths of a
 * millisecond, since the axis began. It grows with what is written; the length of a call bounds it.
 */
export class MulawTimeline {
  #bytes = new Uint8Array(initialBytes).fill(mulawSilence);

  write(audio: Uint8Array, atByte: number): void {
    this.#ensure(atByte + audio.length);
    this.#bytes.set(audio, atByte);
  }

  /** Makes [fromByte, toByte) silent again and returns what stood there. */
  erase(fromByte: number, toByte: number): Uint8Array {
    this.#ensure(toByte);
    const erased = this.#bytes.slice(fromByte, toByte);
    this.#bytes.fill(mulawSilence, fromByte, toByte);
    return erased;
  }

  /** A copy of [fromByte, toByte). */
  slice(fromByte: number, toByte: number): Uint8Array {
    this.#ensure(toByte);
    return this.#bytes.slice(fromByte, toByte);
  }

  #ensure(bytes: number): void {
    if (bytes <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(bytes, this.#bytes.length * 2)).fill(mulawSilence);
    grown.set(this.#bytes);
    this.#bytes = grown;
  }
}
