import { mulawBytesPerMs } from '../../audio/mulaw.ts';

/**
 * Caller audio kept while no model listens. The slowest setup (5 s) and a long greeting fit into it; what a caller said longer
 * ago is better asked again.
 */
const bytesMax = 20_000 * mulawBytesPerMs;

/** Kept before and after speech, so that soft beginnings and ends are not cut off. */
const marginMs = 240;

/** Kept after the last word: the model takes the sentence as finished at once, instead of waiting for a silence that is long over. */
const tailMs = 1_000;

/** A frame of the caller (8 kHz mu-law). */
export interface CallerFrame {
  readonly audio: Uint8Array;
  readonly isSpeech: boolean;
  /** An earlier session has heard it. */
  readonly wasForwarded: boolean;
}

/** What the caller says while no model listens. */
export class SpeechBacklog {
  #frames: CallerFrame[] = [];
  #bytes = 0;

  get bytes(): number {
    return this.#bytes;
  }

  /** Returns how many bytes had to be dropped for it: the oldest. */
  push(frame: CallerFrame): number {
    this.#frames.push(frame);
    this.#bytes += frame.audio.length;
    let dropped = 0;
    while (this.#bytes - dropped > bytesMax) dropped += this.#frames.shift()?.audio.length ?? 0;
    this.#bytes -= dropped;
    return dropped;
  }

  /** What was taken for speech in the last so many ms, by its level, was noise. */
  lastWasNoise(ms: number): void {
    let bytes = ms * mulawBytesPerMs;
    for (let at = this.#frames.length - 1; at >= 0 && bytes > 0; at--) {
      const frame = this.#frames[at];
      if (frame === undefined) return;
      bytes -= frame.audio.length;
      if (frame.isSpeech) this.#frames[at] = { ...frame, isSpeech: false };
    }
  }

  /** Takes the speech out, and `before` it what was said earlier. The silence between is gone. */
  takeSpeech(before: readonly CallerFrame[]): CallerFrame[] {
    const speech = speechIn([...before, ...this.#frames]);
    this.clear();
    return speech;
  }

  clear(): void {
    this.#frames = [];
    this.#bytes = 0;
  }
}

/** The frames within the margin of speech, in order; none when there was no speech. Silence between sentences is left out. */
export function speechIn(frames: readonly CallerFrame[]): CallerFrame[] {
  const keep = frames.map(({ isSpeech }) => isSpeech);
  const last = keep.lastIndexOf(true);
  frames.forEach(({ isSpeech }, index) => {
    if (!isSpeech) return;
    keepQuiet(frames, keep, index, -1, marginMs);
    keepQuiet(frames, keep, index, 1, index === last ? tailMs : marginMs);
  });
  return frames.filter((_, index) => keep[index] === true);
}

/** Keeps the quiet frames on one side of a frame, as far as the margin reaches. */
function keepQuiet(frames: readonly CallerFrame[], keep: boolean[], from: number, step: 1 | -1, ms: number): void {
  let bytes = 0;
  for (let at = from + step; bytes < ms * mulawBytesPerMs; at += step) {
    const neighbour = frames[at];
    if (neighbour === undefined || neighbour.isSpeech) return;
    keep[at] = true;
    bytes += neighbour.audio.length;
  }
}
