import type { CallEnding } from '../call/call-observer.ts';
import type { Logger } from '../system/logger.ts';
import { type CallDrivers, takeEach } from './call-doors.ts';
import type { CallObservers } from './call-observers.ts';
import type { EffectPerformer } from './effect-performer.ts';
import type { CallTimer } from './timing/call-timer.ts';

/** The close code for the stream of a call that is released: "going away" of RFC 6455. */
export const goingAwayCode = 1001;

/** What a host lets go of with its call. */
interface ClosingParts {
  readonly timer: CallTimer;
  readonly performer: EffectPerformer;
  readonly observers: CallObservers;
  readonly releaseRecord: CallDrivers['release'];
  readonly tally: () => CallEnding['tally'];
  /** The call needs this process no more. */
  readonly onEnd: () => void;
  readonly log: Logger;
}

/** Whether a host still acts for its call, and how it is done with it. Every way out takes all of its steps, also after one that throws. */
export class CallClosing {
  readonly #parts: ClosingParts;
  #state: 'live' | CallEnding['how'] = 'live';
  #isGone = false;
  #onGone: (() => void) | null = null;

  constructor(parts: ClosingParts) {
    this.#parts = parts;
  }

  get isLive(): boolean {
    return this.#state === 'live';
  }

  /** Whether another process has the call. */
  get isFenced(): boolean {
    return this.#state === 'fenced';
  }

  /** Whether the call was left to the next process. */
  get isReleased(): boolean {
    return this.#state === 'released';
  }

  /** Whether nothing is done for the call any more: it broke, or is another process's. */
  get isLost(): boolean {
    return this.#state !== 'live' && this.#state !== 'ended';
  }

  /** Lets go of the call at once. */
  close(how: Exclude<CallEnding['how'], 'released'>): void {
    this.#stopActing(how);
    this.#letGo(how, 1000);
  }

  /** Leaves a live call to the next process. Before the stream is closed, the journal gets a bounded time to write what that must know. */
  release(wasQuiet: boolean): void {
    if (!this.isLive) return;
    this.#stopActing('released');
    this.#parts.releaseRecord(wasQuiet, () => {
      this.#parts.log.info({}, 'callReleased');
      this.#letGo('released', goingAwayCode);
    });
  }

  /** Calls `done` when all is let go of, which it may be already. */
  whenGone(done: () => void): void {
    if (this.#isGone) done();
    else this.#onGone = done;
  }

  #stopActing(how: CallEnding['how']): void {
    const { timer, performer, log } = this.#parts;
    this.#state = how;
    takeEach([() => timer.cancel(), () => performer.stop()], log);
  }

  #letGo(how: CallEnding['how'], closeCode: number): void {
    const { performer, observers, tally, onEnd, log } = this.#parts;
    const steps = [
      () => observers.close({ how, tally: tally() }),
      () => performer.closeStream(closeCode),
      onEnd,
      () => this.#gone(),
    ];
    takeEach(steps, log);
  }

  #gone(): void {
    this.#isGone = true;
    const done = this.#onGone;
    this.#onGone = null;
    done?.();
  }
}
