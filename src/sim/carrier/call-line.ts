import { type Handset, silentFrame, type SpokenFrame, type Voice } from '../caller/handset.ts';
import { frameMs } from './stream/media-stream.ts';

/** Twilio's limit for a call. */
const callMsMax = 4 * 3_600_000;

/** The telephone line of a call, from the answer on: the caller in frames of 20 ms, whatever the call is doing. */
export class CallLine {
  readonly answeredAtMs: number;
  readonly #caller: Handset;
  #frames = 0;

  constructor(caller: Handset, answeredAtMs: number) {
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

  /** What the caller does in the current frame. `heard`: what was played meanwhile, if anything; made only for who listens. */
  takeFrame(voice: Voice | null, heard: () => Uint8Array | undefined): SpokenFrame {
    this.#frames += 1;
    this.#caller.hear?.(heard() ?? silentFrame);
    return this.#caller.nextFrame(voice);
  }
}
