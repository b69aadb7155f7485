/** A wait that can be given up. To cancel one that is over does nothing. */
export interface Timer {
  cancel(): void;
}

/**
 * Time, as the driver gives it: the machine's own, or that of a simulation. Whoever waits does so here, so that both can run the same
 * code.
 */
export interface Clock {
  /** Milliseconds since some moment; never goes back. */
  nowMs(): number;
  /** Unix time in ms, for what outlives the process. */
  unixMs(): number;
  /** Calls `fire` once, not before `ms` have passed, and not before the news that have arrived by then. */
  after(ms: number, fire: () => void): Timer;
  /** The same, for what need not be done once the process has nothing else to do. */
  lazily(ms: number, fire: () => void): Timer;
}

/** The clock of the machine. */
export const systemClock: Clock = {
  nowMs: () => performance.now(),
  unixMs: Date.now,
  after: (ms, fire) => systemTimer(ms, fire),
  lazily: (ms, fire) => systemTimer(ms, fire, (timeout) => timeout.unref()),
};

function systemTimer(ms: number, fire: () => void, prepare: (timeout: NodeJS.Timeout) => void = () => {}): Timer {
  let immediate: NodeJS.Immediate | null = null;
  // A busy process first reads what has arrived meanwhile, and then says that time has passed.
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
 * Calls `done` once: with what `start` brings, or with null when that takes longer than `msMax`. What comes later is for `late`, if
 * anybody wants it.
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

/** Calls `done` as soon as `isSo`, or after `msMax`. Looks every `lookMs`. */
export function whenever(clock: Clock, isSo: () => boolean, lookMs: number, msMax: number, done: () => void): void {
  const untilMs = clock.nowMs() + msMax;
  const look = (): void => {
    if (isSo() || clock.nowMs() >= untilMs) return done();
    clock.after(Math.min(lookMs, untilMs - clock.nowMs()), look);
  };
  look();
}
