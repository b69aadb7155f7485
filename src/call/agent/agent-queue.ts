import { SoundBuffer } from '../sound-buffer.ts';

/** Sound of the agent that has not been sent, in order. It comes in pieces of any length and is taken in others. */
export class AgentQueue {
  #sound = new SoundBuffer();

  get bytes(): number {
    return this.#sound.bytes;
  }

  /** Adds a copy at the end, unless more than `bytesMax` would wait then. Returns whether it was taken. */
  push(audio: Uint8Array, bytesMax: number): boolean {
    if (audio.length > 0 && this.bytes + audio.length > bytesMax) return false;
    this.#sound.push(audio);
    return true;
  }

  /** Puts back, in front, what was taken too early. Whoever took it has made room for it. */
  putBack(audio: readonly Uint8Array[]): void {
    const rest = this.take(this.bytes);
    for (const piece of [...audio, rest]) this.#sound.push(piece);
  }

  /** Takes the first so many bytes, or all there are. */
  take(bytes: number): Uint8Array {
    const taken = this.#sound.copy(0, bytes);
    this.#sound.drop(taken.length);
    return taken;
  }

  /** Throws all of it away. Returns how many bytes that were. */
  clear(): number {
    const { bytes } = this;
    this.#sound.drop(bytes);
    return bytes;
  }
}
