import { SoundBuffer } from '../sound-buffer.ts';

/** Sound of the agent that has not been sent, in order. It comes in pieces of any length and is taken in others. */
export class AgentQueue {
  /** What was put back, which is never much, and comes first. */
  readonly #back = new SoundBuffer();
  readonly #sound = new SoundBuffer();

  get bytes(): number {
    return this.#back.bytes + this.#sound.bytes;
  }

  /** Adds a copy at the end, unless more than `bytesMax` would wait then. Returns whether it was taken. */
  push(audio: Uint8Array, bytesMax: number): boolean {
    if (audio.length > 0 && this.bytes + audio.length > bytesMax) return false;
    this.#sound.push(audio);
    return true;
  }

  /** Puts back, in front, what was taken too early. Whoever took it has made room for it. */
  putBack(audio: readonly Uint8Array[]): void {
    const behind = this.#back.take(this.#back.bytes);
    for (const piece of [...audio, behind]) this.#back.push(piece);
  }

  /** Takes the first so many bytes, or all there are. */
  take(bytes: number): Uint8Array {
    const first = this.#back.take(bytes);
    const second = this.#sound.take(bytes - first.length);
    if (first.length === 0) return second;
    const both = new Uint8Array(first.length + second.length);
    both.set(first);
    both.set(second, first.length);
    return both;
  }

  /** Throws all of it away. Returns how many bytes that were. */
  clear(): number {
    const { bytes } = this;
    this.#back.drop(bytes);
    this.#sound.drop(bytes);
    return bytes;
  }
}
