import { blockCodes, type DownBlocks } from './block-filters.ts';
import { filtersFor } from './filters.ts';
import type { MulawCodec } from './mulaw.ts';

/** Three PCM16 samples at 24 kHz, which make one at 8 kHz. */
const tripleBytes = 6;

/** Triples that bring out the end of a reply, an incomplete one and silence: just more than the filter's delay. So many codes `flush` returns. */
export const agentTailCodes = 29;

/**
 * The agent's voice of one call on its way to the caller: 24 kHz PCM16 little-endian in, 8 kHz mu-law out. Chunks may be
 * cut anywhere, even inside a sample: the bytes of an incomplete triple wait for the next chunk.
 */
export class AgentDownsampler {
  readonly #filter: DownBlocks;
  /** The first `#waitingBytes` (0 to 5) are an incomplete triple. */
  readonly #waiting = new Uint8Array(tripleBytes);
  #waitingBytes = 0;
  /** Whether the filter holds sound that `flush` must bring out. */
  #holdsSound = false;

  constructor(codec: MulawCodec) {
    this.#filter = filtersFor(codec).down();
  }

  /**
   * Takes any number of bytes and returns one mu-law code for every complete triple, in a buffer of its own. The sound
   * comes 3.5 ms late; a reply begins with that much silence.
   */
  push(pcm24k: Uint8Array): Uint8Array {
    const mulaw = new Uint8Array(Math.floor((this.#waitingBytes + pcm24k.length) / tripleBytes));
    let read = 0;
    let written = 0;
    if (this.#waitingBytes > 0) {
      read = this.#keep(pcm24k, 0);
      if (this.#waitingBytes === tripleBytes) {
        this.#filter.convert(this.#waiting, 0, 1, mulaw, 0);
        this.#waitingBytes = 0;
        written = 1;
      }
    }
    while (written < mulaw.length) {
      const triples = Math.min(blockCodes, mulaw.length - written);
      this.#filter.convert(pcm24k, read, triples, mulaw, written);
      read += triples * tripleBytes;
      written += triples;
    }
    this.#keep(pcm24k, read);
    if (written > 0) this.#holdsSound = true;
    return mulaw;
  }

  /**
   * Ends a reply: returns the 3.6 ms still inside the filter, then begins anew. Empty when nothing was pushed since the
   * last end. A half sample at the very end is dropped, an incomplete triple is completed with silence.
   */
  flush(): Uint8Array {
    this.#waitingBytes -= this.#waitingBytes % 2;
    const triples = this.#holdsSound || this.#waitingBytes > 0 ? agentTailCodes : 0;
    const tail = this.push(new Uint8Array(triples * tripleBytes - this.#waitingBytes));
    this.reset();
    return tail;
  }

  /** Barge-in: forgets the reply, tail and all. */
  reset(): void {
    this.#filter.reset();
    this.#waitingBytes = 0;
    this.#holdsSound = false;
  }

  /** Lets the bytes from `start` on wait, as many as complete a triple at most; returns where it stopped. */
  #keep(pcm24k: Uint8Array, start: number): number {
    let read = start;
    while (read < pcm24k.length && this.#waitingBytes < tripleBytes) {
      this.#waiting[this.#waitingBytes] = pcm24k[read] ?? 0;
      this.#waitingBytes++;
      read++;
    }
    return read;
  }
}
