import { mulawBytesPerMs } from '../../audio/mulaw.ts';
import type { CallFact } from '../events.ts';

/** Sound of the caller, as it comes on a stream. */
export type StreamSound = Extract<CallFact, { type: 'stream.media' }>;

/** The model is sent no more at once: it wants pieces of 20 to 40 ms (GM-AUDIO-1). */
const joinedMsMax = 40;

/** How far timestamps of frames that follow each other may be apart from their lengths (TW-STREAM-4). */
const jitterMsMax = 10;

/** Whether another frame of the same length may be joined to this one. */
export function mayBeJoined({ audio }: StreamSound): boolean {
  return 2 * audio.length <= joinedMsMax * mulawBytesPerMs;
}

/** Two frames as one; null when the second does not go on where the first ends, or both together are too long. */
export function joinedFrames(first: StreamSound, second: StreamSound): StreamSound | null {
  const bytes = first.audio.length + second.audio.length;
  const gapMs = second.timestampMs - first.timestampMs - first.audio.length / mulawBytesPerMs;
  if (bytes > joinedMsMax * mulawBytesPerMs || Math.abs(gapMs) > jitterMsMax) return null;
  const audio = new Uint8Array(bytes);
  audio.set(first.audio);
  audio.set(second.audio, first.audio.length);
  return { ...first, audio };
}
