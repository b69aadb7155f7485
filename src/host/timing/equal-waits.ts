import type { Alarm } from '../../system/alarms.ts';
import type { Clock } from '../../system/clock.ts';

/** It is looked for those whose time is over once in so many ms at most. */
const lookMs = 10;

/** Somebody who waits. */
export interface BegunWait {
  /** It is over, and nobody is called back. */
  end(): void;
}

/**
 * Waits of one length. Whoever begins first is due first, so those of all calls stand in one queue, and one alarm looks at its head: a
 * timer for each would cost as much as what a frame saves by waiting for the next one.
 */
export class EqualWaits {
  readonly #clock: Pick<Clock, 'nowMs'>;
  readonly #ms: number;
  readonly #alarm: Alarm;
  readonly #waiting: QueuedWait[] = [];

  constructor(clock: Pick<Clock, 'nowMs' | 'alarm'>, ms: number) {
    this.#clock = clock;
    this.#ms = ms;
    this.#alarm = clock.alarm(() => this.#look());
  }

  /** Calls back when the time is over, or up to 16 ms later. */
  begin(fire: () => void): BegunWait {
    const wait = new QueuedWait(this.#clock.nowMs() + this.#ms, fire);
    this.#waiting.push(wait);
    if (!this.#alarm.isSet) this.#alarm.set(this.#ms);
    return wait;
  }

  #look(): void {
    const nowMs = this.#clock.nowMs();
    while ((this.#waiting[0]?.dueMs ?? Infinity) <= nowMs) this.#waiting.shift()?.fire?.();
    const [next] = this.#waiting;
    if (next !== undefined) this.#alarm.set(Math.max(lookMs, next.dueMs - nowMs));
  }
}

class QueuedWait implements BegunWait {
  readonly dueMs: number;
  fire: (() => void) | null;

  constructor(dueMs: number, fire: () => void) {
    this.dueMs = dueMs;
    this.fire = fire;
  }

  end(): void {
    this.fire = null;
  }
}
