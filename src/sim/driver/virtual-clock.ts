import type { Alarm } from '../../system/alarms.ts';
import type { Clock, Timer } from '../../system/clock.ts';

interface Pending {
  readonly dueMs: number;
  readonly order: number;
  readonly fire: () => void;
}

/** The clock and the timers of one process in virtual time. Timers that are due together fire in the order in which they were set. */
export class VirtualClock implements Clock {
  readonly #zeroUnixMs: number;
  readonly #pending = new Set<Pending>();
  /** The one that is due first; undefined when it has to be looked for. */
  #first: Pending | null | undefined = null;
  #soon: (() => void)[] = [];
  #orders = 0;
  #nowMs = 0;

  /** `zeroUnixMs`: what time 0 is on the calendar. */
  constructor(zeroUnixMs: number) {
    this.#zeroUnixMs = zeroUnixMs;
  }

  /** Time goes on to this moment, or stands still. */
  moveTo(nowMs: number): void {
    this.#nowMs = nowMs;
  }

  nowMs(): number {
    return this.#nowMs;
  }

  unixMs(): number {
    return this.#zeroUnixMs + this.#nowMs;
  }

  after(ms: number, fire: () => void): Timer {
    this.#orders += 1;
    const pending = { dueMs: this.#nowMs + ms, order: this.#orders, fire };
    this.#pending.add(pending);
    if (this.#first === null || (this.#first !== undefined && pending.dueMs < this.#first.dueMs)) this.#first = pending;
    return { cancel: () => this.#drop(pending) };
  }

  alarm(fire: () => void): Alarm {
    return new MovedTimer(this, fire);
  }

  lazily(ms: number, fire: () => void): Timer {
    return this.after(ms, fire);
  }

  soon(fire: () => void): void {
    this.#soon.push(fire);
  }

  /** What was read from a socket together was handled. */
  wasRead(): void {
    for (const fire of this.#soon.splice(0)) fire();
  }

  /** When the next timer is due; null when none is set. */
  get nextDueMs(): number | null {
    return this.#next?.dueMs ?? null;
  }

  /** Fires the timer that is due first, if it is due by now. */
  fireNext(): void {
    const next = this.#next;
    if (next === null || next.dueMs > this.#nowMs) return;
    this.#drop(next);
    next.fire();
  }

  #drop(pending: Pending): void {
    if (this.#pending.delete(pending) && pending === this.#first) this.#first = undefined;
  }

  get #next(): Pending | null {
    if (this.#first !== undefined) return this.#first;
    let first: Pending | null = null;
    for (const pending of this.#pending) if (first === null || pending.dueMs < first.dueMs) first = pending;
    this.#first = first;
    return first;
  }
}

/** A timer for each time that it is set to. */
export class MovedTimer implements Alarm {
  readonly #clock: Pick<Clock, 'after'>;
  readonly #fire: () => void;
  #timer: Timer | null = null;

  constructor(clock: Pick<Clock, 'after'>, fire: () => void) {
    this.#clock = clock;
    this.#fire = fire;
  }

  get isSet(): boolean {
    return this.#timer !== null;
  }

  set(ms: number): void {
    this.cancel();
    this.#timer = this.#clock.after(ms, () => {
      this.#timer = null;
      this.#fire();
    });
  }

  cancel(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }
}
