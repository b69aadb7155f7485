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
  /** Calls `fire` once, not before `ms` have passed, and after everything that has arrived by then was handled. */
  after(ms: number, fire: () => void): Timer;
  /** The same, but does not keep the process alive. */
  lazily(ms: number, fire: () => void): Timer;
  /** Calls `fire` when all was handled that was read from a socket together with what is being handled, and before anything else. */
  soon(fire: () => void): void;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  unixMs: Date.now,
  after: (ms, fire) => systemTimer(ms, fire),
  lazily: (ms, fire) => systemTimer(ms, fire, (timeout) => timeout.unref()),
  soon: (fire) => process.nextTick(fire),
};

function systemTimer(ms: number, fire: () => void, prepare: (timeout: NodeJS.Timeout) => void = () => {}): Timer {
  let immediate: NodeJS.Immediate | null = null;
  // A busy process first reads what has arrived meanwhile; only then has the time passed.
  const timeout = setTimeout(() => {
    immediate = setImmediate(fire);
  }, ms);
  prepare(timeout);
  return {
    cancel() {
      clearTimeout(timeout);
      if (immediate !== null) clearImmediate(immediate);
    },
  };
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
