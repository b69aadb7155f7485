import { mulawBytesPerMs } from '../../audio/mulaw.ts';
import type { CallerFrame } from './speech-backlog.ts';

/** So much noise at most is left out in a row. An ear that hears no caller for so long may have missed one. */
const quietMsMax = 10_000;

/** A voice is noticed up to 120 ms after it has begun. With a soft beginning, so much of what was left out may have been speech. */
const beginningMs = 200;

/**
 * Noise as loud as speech keeps a model that detects turns from noticing that the caller has stopped (GM-VAD-1). So quiet goes in its place
 * once the caller's speech is over, until the caller speaks again.
 */
export class NoiseQuiet {
  #quietMs = 0;
  /** The last of what was left out. */
  #leftOut: CallerFrame[] = [];
  #leftOutMs = 0;

  /** Takes a frame. `isNoise`: the caller has stopped, and this is as loud as speech. Returns whether quiet goes in its place. */
  replaces(frame: CallerFrame, isNoise: boolean): boolean {
    if (!isNoise) {
      this.#quietMs = 0;
      return false;
    }
    const frameMs = frame.audio.length / mulawBytesPerMs;
    this.#quietMs += frameMs;
    if (this.#quietMs > quietMsMax) return false;
    this.#leftOut.push({ ...frame, wasForwarded: true });
    this.#leftOutMs += frameMs;
    while (this.#leftOutMs > beginningMs)
      this.#leftOutMs -= (this.#leftOut.shift()?.audio.length ?? 0) / mulawBytesPerMs;
    return true;
  }

  /** The quiet is over. Takes out what has to be heard after all: the beginning of a speech, if the caller speaks. */
  takeBeginning(callerSpeaks: boolean): readonly CallerFrame[] {
    const frames = this.#leftOut;
    if (frames.length === 0) return frames;
    this.#leftOut = [];
    this.#leftOutMs = 0;
    return callerSpeaks ? frames : [];
  }
}
