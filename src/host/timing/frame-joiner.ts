import { joinedFrames, mayBeJoined, type StreamSound } from '../../call/caller/joined-frames.ts';
import type { Busyness } from '../../system/load/busyness.ts';
import type { Clock } from '../../system/clock.ts';
import type { BegunWait, EqualWaits } from './equal-waits.ts';

/** How long a frame waits for the next one, which comes 20 ms later and may come a little late. */
export const pairMs = 30;

/**
 * Joins frames of the caller: the call, the model and every layer between them then have half the work. Those that were read in one
 * turn of the event loop are joined, as they are when the process or the network is late. A frame that comes alone is passed on at the end of
 * that turn; only while the process is busy does it wait for the next one.
 */
export class FrameJoiner {
  readonly #clock: Pick<Clock, 'soon'>;
  readonly #waits: Pick<EqualWaits, 'begin'>;
  readonly #busyness: Busyness;
  readonly #pass: (frame: StreamSound) => void;
  readonly #readAll = (): void => this.#wasRead();
  readonly #waited = (): void => this.flush();
  #waiting: StreamSound | null = null;
  #isReading = false;
  #pairWait: BegunWait | null = null;

  /** `waits`: of `pairMs`, which all calls share. */
  constructor(
    clock: Pick<Clock, 'soon'>,
    waits: Pick<EqualWaits, 'begin'>,
    busyness: Busyness,
    pass: (frame: StreamSound) => void,
  ) {
    this.#clock = clock;
    this.#waits = waits;
    this.#busyness = busyness;
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
    this.#pairWait?.end();
    this.#pairWait = null;
    const waiting = this.#waiting;
    this.#waiting = null;
    if (waiting !== null) this.#pass(waiting);
  }

  #wasRead(): void {
    this.#isReading = false;
    if (this.#waiting === null || !this.#busyness.isBusy || !mayBeJoined(this.#waiting)) return this.flush();
    this.#pairWait ??= this.#waits.begin(this.#waited);
  }
}
