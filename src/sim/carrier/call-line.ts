import type { Caller, SpokenFrame, Voice } from '../caller/caller.ts';
import { frameMs } from './stream/media-stream.ts';

/** Twilio's limit for a call. */
const callMsMax = 4 * 3_600_000;

/** The telephone line of a call, from the answer on: the caller in frames of 20 ms, whatever the call is doing. */
export class CallLine {
  readonly answeredAtMs: number;
  readonly #caller: Caller;
  #frames = 0;

  constructor(caller: Caller, answeredAtMs: number) {
    this.#caller = caller;
    this.answeredAtMs = answeredAtMs;
  }

  /** When the current frame ends. */
  get nextFrameAtMs(): number {
    return this.answeredAtMs + (this.#frames + 1) * frameMs;
  }

  /** Whether the call has lasted as long as Twilio lets it. */
  get isTooLong(): boolean {
    return this.#frames * frameMs >= callMsMax;
  }

  /** What the caller does in the current frame. */
  takeFrame(voice: Voice | null): SpokenFrame {
    this.#frames += 1;
    return this.#caller.nextFrame(voice);
  }
}
