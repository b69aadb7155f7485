import type { EventLoopDelay } from '../../system/load/event-loop-delay.ts';

/** When a process is too late to take another call. */
export interface AdmissionLimits {
  /** How late it may be, in ms. Null: it takes calls however late it is. */
  readonly delayMsMax: number | null;
  /** With fewer calls it takes the next one whatever its delay: it is not the calls that make it late. */
  readonly callsMin: number;
}

/** Fewer are no load for any machine that runs Parley. */
export const calmCallsMax = 10;

/** What a delay must have fallen to before new calls are taken again, as a part of the most that may be. */
const recoveredPart = 0.5;

/**
 * Takes no new calls while the process is late with the sound of those that it has. It begins at the limit and ends well below, so that a
 * process at its limit does not go back and forth with each timer. Calls that were taken are never concerned.
 */
export class AdmissionControl {
  readonly #delay: EventLoopDelay;
  readonly #limits: AdmissionLimits;
  #isLate = false;

  constructor(delay: EventLoopDelay, limits: AdmissionLimits) {
    this.#delay = delay;
    this.#limits = limits;
  }

  /** How late the process is, in ms. */
  get delayMs(): number {
    return this.#delay.delayMs();
  }

  /** Whether no call may be added to so many. */
  refuses(calls: number): boolean {
    const { delayMsMax, callsMin } = this.#limits;
    if (delayMsMax === null) return false;
    this.#isLate = this.delayMs > (this.#isLate ? recoveredPart * delayMsMax : delayMsMax);
    return this.#isLate && calls >= callsMin;
  }
}
