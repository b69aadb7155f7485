import { mulawBytesPerMs } from '../audio/mulaw.ts';

const blockBytes = 1_024 * mulawBytesPerMs;

/** Blocks that are kept for what comes next, whichever call it is of: two minutes of sound, 1 MB. While one call needs more, another needs less. */
const spareMax = 128;
const spare: Uint8Array[] = [];

const nothing = new Uint8Array();

/**
 * Sound in order, 8 kHz mu-law: it is added at the end and dropped from the front. It is copied into blocks that are used again and again,
 * because thousands of small arrays that live for seconds keep the garbage collector at work.
 */
export class SoundBuffer {
  readonly #blocks: Uint8Array[] = [];
  /** How much of the first block has been dropped. */
  #from = 0;
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** Adds a copy of this sound. */
  push(audio: Uint8Array): void {
    for (let at = 0; at < audio.length;) {
      const end = this.#from + this.#bytes;
      const into = end % blockBytes;
      const part = audio.subarray(at, at + blockBytes - into);
      this.#block(Math.floor(end / blockBytes)).set(part, into);
      this.#bytes += part.length;
      at += part.length;
    }
  }

  /** A copy of so many bytes from this place on, or of as many as there are. */
  copy(from: number, bytes: number): Uint8Array {
    const copy = new Uint8Array(Math.max(0, Math.min(bytes, this.#bytes - from)));
    for (let at = 0; at < copy.length;) {
      const part = this.#part(from + at, copy.length - at);
      copy.set(part, at);
      at += part.length;
    }
    return copy;
  }

  /** The same for whoever reads it before anything is added or dropped: no copy where it lies in one block. */
  view(from: number, bytes: number): Uint8Array {
    const length = Math.max(0, Math.min(bytes, this.#bytes - from));
    const part = this.#part(from, length);
    return part.length === length ? part : this.copy(from, length);
  }

  /** The first so many bytes, or all there are, which are dropped. */
  take(bytes: number): Uint8Array {
    const taken = this.copy(0, bytes);
    this.drop(taken.length);
    return taken;
  }

  /** Drops so many bytes from the front, or all there are. */
  drop(bytes: number): void {
    const dropped = Math.min(bytes, this.#bytes);
    this.#bytes -= dropped;
    this.#from += dropped;
    while (this.#from >= blockBytes) {
      this.#from -= blockBytes;
      this.#free(this.#blocks.shift());
    }
    if (this.#bytes > 0) return;
    this.#from = 0;
    this.#free(this.#blocks.shift());
  }

  /** From this place on, as much of these bytes as lies in one block. */
  #part(from: number, bytes: number): Uint8Array {
    const at = (this.#from + from) % blockBytes;
    const block = this.#blocks[Math.floor((this.#from + from) / blockBytes)] ?? nothing;
    return block.subarray(at, Math.min(at + bytes, blockBytes));
  }

  #block(index: number): Uint8Array {
    return (this.#blocks[index] ??= spare.pop() ?? new Uint8Array(blockBytes));
  }

  #free(block: Uint8Array | undefined): void {
    if (block !== undefined && spare.length < spareMax) spare.push(block);
  }
}
