import { mulawBytesPerMs } from '../../audio/mulaw.ts';

/** What goes round, in ms: longer than a syllable of a babble, so that it is no tone. */
const noiseBytes = 300 * mulawBytesPerMs;

/** The beginning of a word may lie in sound that is younger, because the ear notices it a little late. */
const youngBytes = 200 * mulawBytesPerMs;

/** The noise of a line without the voices in it, 8 kHz mu-law: what was heard of it last, again and again. */
export class LineNoise {
  readonly #noise = new Uint8Array(noiseBytes);
  #writtenBytes = 0;
  #readBytes = 0;
  readonly #young: Uint8Array[] = [];
  #youngBytes = 0;

  /** Takes sound in which there is nobody. */
  heard(audio: Uint8Array): void {
    this.#young.push(audio);
    this.#youngBytes += audio.length;
    while (this.#youngBytes > youngBytes) this.#writeOldest();
  }

  /** A voice was heard, or a pause: the last of what was taken may belong to it. */
  forgetYoung(): void {
    this.#young.length = 0;
    this.#youngBytes = 0;
  }

  /** So much noise as goes on from what was taken before; null while not enough was heard. */
  take(bytes: number): Uint8Array | null {
    if (this.#writtenBytes < noiseBytes) return null;
    return Uint8Array.from({ length: bytes }, () => this.#noise[this.#readBytes++ % noiseBytes] ?? 0);
  }

  #writeOldest(): void {
    const oldest = this.#young.shift() ?? new Uint8Array(0);
    this.#youngBytes -= oldest.length;
    for (const code of oldest) this.#noise[this.#writtenBytes++ % noiseBytes] = code;
  }
}
