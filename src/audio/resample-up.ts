import { blockCodes, type UpBlocks } from './block-filters.ts';
import { filtersFor } from './filters.ts';
import { type MulawCodec, mulawSilence } from './mulaw.ts';
import { roomForSound } from './short-sounds.ts';

/** Codes of silence that bring out the end of the sound: just more than the filter's delay. `flush` returns four bytes for each. */
export const callerTailCodes = 29;

/** The caller's voice of one call on its way to the model: 8 kHz mu-law in, 16 kHz PCM16 little-endian out. */
export class CallerUpsampler {
  readonly #filter: UpBlocks;
  /** Whether the filter holds sound that `flush` must bring out. */
  #holdsSound = false;

  constructor(codec: MulawCodec) {
    this.#filter = filtersFor(codec).up();
  }

  /**
   * Takes any number of mu-law codes and returns four bytes (two samples) for each, which nobody else writes to. The sound
   * comes 3.56 ms late; the first call begins with that much silence.
   */
  push(mulaw: Uint8Array): Uint8Array {
    const pcm16k = roomForSound(4 * mulaw.length);
    for (let start = 0; start < mulaw.length; start += blockCodes) {
      this.#filter.convert(mulaw, start, Math.min(blockCodes, mulaw.length - start), pcm16k);
    }
    if (mulaw.length > 0) this.#holdsSound = true;
    return pcm16k;
  }

  /** Returns the 3.6 ms still inside the filter, then begins anew. Empty when nothing was pushed since the last end. */
  flush(): Uint8Array {
    const tail = this.push(new Uint8Array(this.#holdsSound ? callerTailCodes : 0).fill(mulawSilence));
    this.reset();
    return tail;
  }

  /** Forgets the sound so far: the next push begins as the first one did. */
  reset(): void {
    this.#filter.reset();
    this.#holdsSound = false;
  }
}
