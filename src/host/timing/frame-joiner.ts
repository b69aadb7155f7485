import { joinedFrames, type StreamSound } from '../../call/caller/joined-frames.ts';
import type { Clock } from '../../system/clock.ts';

/**
 * Joins frames of the caller that were read together, as they are when the process or the network is late: the call, the model and every
 * layer between them then have half the work. A frame that comes alone is passed on as soon as it was read.
 */
export class FrameJoiner {
  readonly #clock: Pick<Clock, 'soon'>;
  readonly #pass: (frame: StreamSound) => void;
  readonly #readAll = (): void => this.#wasRead();
  #waiting: StreamSound | null = null;
  #isReading = false;

  constructor(clock: Pick<Clock, 'soon'>, pass: (frame: StreamSound) => void) {
    this.#clock = clock;
    this.#pass = pass;
  }

  /** A frame was read. */
  add(frame: StreamSound): void {
    const joined = this.#waiting === null ? null : joinedFrames(this.#waiting, frame);
    if (joined === null) this.flush();
    this.#waiting = joined ?? frame;
    if (this.#isReading) return;
    this.#isReading = true;
    this.#clock.soon(this.#readAll);
  }

  /** Something else happens, which came after the frame that waits. */
  flush(): void {
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) this.#pass(waiting);
  }

  #wasRead(): void {
    this.#isReading = false;
    this.flush();
  }
}
