import { markedFrameMs } from './marked-sound.ts';

/**
 * How much audio the model got for what the caller spoke. It is counted from one frame that is known by its number to another, so that what is
 * on its way at either end is neither missing nor too much.
 */
export class HeardAudio {
  #heardMs = 0;
  #first: Landmark | null = null;
  #last: Landmark | null = null;

  /** So much sound came. `frames`: which of the caller's frames it holds, in its order, counted from the first that was spoken. */
  came(ms: number, frames: readonly (number | null)[]): void {
    for (const [at, frame] of frames.entries()) {
      if (frame === null) continue;
      this.#last = { frame, atMs: this.#heardMs + at * markedFrameMs };
      this.#first ??= this.#last;
    }
    this.#heardMs += ms;
  }

  /** Milliseconds that were heard for each that was spoken; NaN when too little came to tell. */
  get share(): number {
    if (this.#first === null || this.#last === null) return Number.NaN;
    return (this.#last.atMs - this.#first.atMs) / ((this.#last.frame - this.#first.frame) * markedFrameMs);
  }

  startOver(): void {
    this.#first = null;
    this.#last = null;
  }
}

/** A frame, and its place in what was heard. */
interface Landmark {
  readonly frame: number;
  readonly atMs: number;
}

/** Which frame of a caller has this number: the latest one that was sent. `sent`: how many were. */
export function frameOfNumber(number: number, sent: number, numbers: number): number {
  const last = sent - 1;
  return last - ((((last - number) % numbers) + numbers) % numbers);
}
