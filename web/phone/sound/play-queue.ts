import { mulawSample } from './g711.ts';

/** So many frames wait before the first is played, because they come unevenly. After each gap it is two more, up to a quarter of a second. */
const startFrames = { first: 4, more: 2, max: 12 };

/** With so many more waiting than at the start, pauses are left out until the caller hears in time again. */
const lateFrames = 6;

/** Two seconds. Older sound is dropped. */
const waitingFramesMax = 100;

/** -50 dBFS: a frame below it is a pause. */
const pauseMeanSquareMax = 1e-5;

/** Frames by what became of them. */
export interface PlayTally {
  readonly played: number;
  /** Came too fast, and were dropped. */
  readonly dropped: number;
  /** Pauses that were left out. */
  readonly shortened: number;
  /** Dropped because the agent was interrupted. */
  readonly cleared: number;
  /** How often there was nothing to play. */
  readonly gaps: number;
  readonly waiting: number;
}

/** What is to be heard and has not been played: frames of mu-law, as they come, and as samples when their turn comes. */
export class PlayQueue {
  readonly #waiting: Uint8Array[] = [];
  #isFlowing = false;
  #startFrames = startFrames.first;
  #played = 0;
  #dropped = 0;
  #shortened = 0;
  #cleared = 0;
  #gaps = 0;

  get tally(): PlayTally {
    return {
      played: this.#played,
      dropped: this.#dropped,
      shortened: this.#shortened,
      cleared: this.#cleared,
      gaps: this.#gaps,
      waiting: this.#waiting.length,
    };
  }

  push(frame: Uint8Array): void {
    this.#waiting.push(frame);
    if (this.#waiting.length <= waitingFramesMax) return;
    this.#waiting.shift();
    this.#dropped += 1;
  }

  /** What waits is not to be heard any more. */
  clear(): void {
    this.#cleared += this.#waiting.length;
    this.#waiting.length = 0;
  }

  /** The next frame, -1 to 1; null while there is none to play. */
  next(): Float32Array | null {
    if (!this.#isFlowing && this.#waiting.length < this.#startFrames) return null;
    this.#isFlowing = true;
    for (;;) {
      const frame = this.#waiting.shift();
      if (frame === undefined) {
        this.#isFlowing = false;
        this.#gaps += 1;
        this.#startFrames = Math.min(startFrames.max, this.#startFrames + startFrames.more);
        return null;
      }
      const samples = Float32Array.from(frame, (code) => mulawSample(code) / 32_768);
      if (this.#waiting.length < this.#startFrames + lateFrames || meanSquareOf(samples) > pauseMeanSquareMax) {
        this.#played += 1;
        return samples;
      }
      this.#shortened += 1;
    }
  }
}

function meanSquareOf(samples: Float32Array): number {
  return samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
}
