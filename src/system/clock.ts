import { type Alarm, SharedAlarms } from './alarms.ts';
import { TurnEnd } from './turn-end.ts';

/** A timer that can be cancelled. To cancel one that has fired does nothing. */
export interface Timer {
  cancel(): void;
}

/** Time and timers, as the driver gives them: the machine's own, or those of a simulation. */
export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  nowMs(): number;
  /** Unix time in ms, for what outlives the process. */
  unixMs(): number;
  /**
   * Calls `fire` once, not before `ms` have passed, and after everything that has arrived by then was handled. Those that are due together
   * fire without a pause: what one of them promises comes behind the others.
   */
  after(ms: number, fire: () => void): Timer;
  /** What calls `fire` in the same way, as often as it is set. */
  alarm(fire: () => void): Alarm;
  /** As `after`, but does not keep the process alive. */
  lazily(ms: number, fire: () => void): Timer;
  /** Calls `fire` when the connections that are ready were all read, and before anything that waits for a time. */
  soon(fire: () => void): void;
}

const turnEnd = new TurnEnd({ atEnd: (run) => void setImmediate(run), behind: (run) => process.nextTick(run) });

const alarms = new SharedAlarms({
  nowMs: () => performance.now(),
  after(ms, pass) {
    const timeout = setTimeout(pass, ms);
    return { cancel: () => clearTimeout(timeout) };
  },
  afterReading: (fire) => turnEnd.after(fire),
});

/** The clock of the machine. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  unixMs: Date.now,
  after: (ms, fire) => new SystemTimer(ms, fire),
  alarm: (fire) => alarms.alarm(fire),
  lazily: (ms, fire) => new SystemTimer(ms, fire).unref(),
  soon: (fire) => turnEnd.handle(fire),
};

/** One object, because a call makes some in each second, and they live long enough to become work for the garbage collector. */
class SystemTimer implements Timer {
  readonly #fire: () => void;
  readonly #timeout: NodeJS.Timeout;
  #isCancelled = false;

  constructor(ms: number, fire: () => void) {
    this.#fire = fire;
    this.#timeout = setTimeout(SystemTimer.#passed, ms, this);
  }

  cancel(): void {
    clearTimeout(this.#timeout);
    this.#isCancelled = true;
  }

  /** Keeps the process alive no longer. */
  unref(): this {
    this.#timeout.unref();
    return this;
  }

  /** A busy process first reads what has arrived meanwhile; only then has the time passed. */
  static #passed(this: void, timer: SystemTimer): void {
    turnEnd.after(() => {
      if (!timer.#isCancelled) timer.#fire();
    });
  }
}

/**
 * Calls `done` once: with what `start` brings, or with null when that takes longer than `msMax`. A value that comes later goes to `late`.
 */
export function withDeadline<Value>(
  clock: Clock,
  msMax: number,
  start: (bring: (value: Value) => void) => void,
  done: (value: Value | null) => void,
  late: (value: Value) => void = () => {},
): void {
  let isOver = false;
  const timer = clock.after(msMax, () => {
    isOver = true;
    done(null);
  });
  start((value) => {
    if (isOver) return late(value);
    isOver = true;
    timer.cancel();
    done(value);
  });
}

/** Calls `done` as soon as `isSo` returns true, or after `msMax`. Looks every `lookMs`. */
export function whenever(clock: Clock, isSo: () => boolean, lookMs: number, msMax: number, done: () => void): void {
  const untilMs = clock.nowMs() + msMax;
  const look = (): void => {
    if (isSo() || clock.nowMs() >= untilMs) return done();
    clock.after(Math.min(lookMs, untilMs - clock.nowMs()), look);
  };
  look();
}
