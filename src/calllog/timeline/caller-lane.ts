import { mulawBytesPerMs } from '../../audio/mulaw.ts';
import { SoundLane } from './sound-lane.ts';

/** A timestamp that is so far from the time of arrival is not that of this stream's clock. */
const clockMsMax = 500;

/**
 * The caller's sound on the time axis. Frames come in bunches, so each is put where its timestamp says (TW-STREAM-4), counted from the
 * arrival of the first frame of its stream.
 */
export class CallerLane {
  readonly #lane: SoundLane;
  /** What to add to a timestamp; null before the first frame of a stream. */
  #offsetMs: number | null = null;

  constructor(msMax: number) {
    this.#lane = new SoundLane(msMax);
  }

  get sound(): Uint8Array {
    return this.#lane.sound;
  }

  streamStarted(): void {
    this.#offsetMs = null;
  }

  /** A frame arrived: its last sample was spoken just before. */
  arrived(audio: Uint8Array, timestampMs: number, atMs: number): void {
    const spokenMs = atMs - audio.length / mulawBytesPerMs;
    const drift = this.#offsetMs === null ? Infinity : Math.abs(timestampMs + this.#offsetMs - spokenMs);
    if (drift > clockMsMax) this.#offsetMs = spokenMs - timestampMs;
    this.#lane.put(timestampMs + (this.#offsetMs ?? 0), audio);
  }
}
