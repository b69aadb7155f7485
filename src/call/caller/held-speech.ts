import { mulawBytesPerMs } from '../../audio/mulaw.ts';

/** Kept before and after held speech, so that soft beginnings and ends are not cut off. */
const marginMs = 240;

/** Kept after the last word: the model takes the sentence as finished at once, instead of waiting for a silence that is long over. */
const tailMs = 1_000;

/** A frame of the caller (8 kHz mu-law) that waits for a model session. */
export interface HeldFrame {
  readonly audio: Uint8Array;
  readonly isSpeech: boolean;
  /** An earlier session has heard it. */
  readonly wasForwarded: boolean;
}

/** The frames within the margin of speech, in order; none when there was no speech. Silence between sentences is left out. */
export function heldSpeech(frames: readonly HeldFrame[]): HeldFrame[] {
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
function keepQuiet(frames: readonly HeldFrame[], keep: boolean[], from: number, step: 1 | -1, ms: number): void {
  let bytes = 0;
  for (let at = from + step; bytes < ms * mulawBytesPerMs; at += step) {
    const neighbour = frames[at];
    if (neighbour === undefined || neighbour.isSpeech) return;
    keep[at] = true;
    bytes += neighbour.audio.length;
  }
}
