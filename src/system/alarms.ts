/** What can be called back once, at a time that can be moved: made once for whoever waits again and again. */
export interface Alarm {
  /** Calls back when so many ms have passed, and not at the time that was set before. */
  set(ms: number): void;
  cancel(): void;
}

/** A clock with timers. */
interface Timing {
  nowMs(): number;
  after(ms: number, fire: () => void): { cancel(): void };
}

/**
 * Alarms that share one timer. There are some hundreds at most, and most are moved before they are due: a timer for each of these times would
 * live long enough to become work for the garbage collector.
 */
export class SharedAlarms {
  readonly #clock: Timing;
  readonly #look = (): void => this.#fireDue();
  /** Those that are set, in no order. */
  readonly #set: SharedAlarm[] = [];
  #timer: ReturnType<Timing['after']> | null = null;
  #timerDueMs = Infinity;

  constructor(clock: Timing) {
    this.#clock = clock;
  }

  /** An alarm that is not set. */
  alarm(fire: () => void): Alarm {
    return new SharedAlarm(this, fire);
  }

  /** `alarm` has been set to so many ms from here. */
  wasSet(alarm: SharedAlarm, ms: number): void {
    alarm.dueMs = this.#clock.nowMs() + ms;
    if (alarm.place < 0) alarm.place = this.#set.push(alarm) - 1;
    if (alarm.dueMs < this.#timerDueMs) this.#wait(ms, alarm.dueMs);
  }

  wasCancelled(alarm: SharedAlarm): void {
    if (alarm.place < 0) return;
    const last = this.#set.pop();
    if (last !== undefined && last !== alarm) {
      this.#set[alarm.place] = last;
      last.place = alarm.place;
    }
    alarm.place = -1;
    if (this.#set.length === 0) this.#wait(0, Infinity);
  }

  /** Has the timer fire in so many ms, or not at all: when `dueMs` is Infinity. */
  #wait(ms: number, dueMs: number): void {
    this.#timer?.cancel();
    this.#timerDueMs = dueMs;
    this.#timer = dueMs === Infinity ? null : this.#clock.after(ms, this.#look);
  }

  #fireDue(): void {
    const nowMs = this.#clock.nowMs();
    const due = this.#set.filter(({ dueMs }) => dueMs <= nowMs);
    try {
      // One of them may cancel another, or set it anew.
      for (const alarm of due.toSorted((a, b) => a.dueMs - b.dueMs)) if (alarm.isDue(nowMs)) alarm.fire();
    } finally {
      // Those behind one that throws are due at once.
      this.#waitForNext();
    }
  }

  #waitForNext(): void {
    const dueMs = this.#set.reduce((earliestMs, alarm) => Math.min(earliestMs, alarm.dueMs), Infinity);
    this.#wait(Math.max(0, dueMs - this.#clock.nowMs()), dueMs);
  }
}

class SharedAlarm implements Alarm {
  readonly #alarms: SharedAlarms;
  readonly #fire: () => void;
  /** Where it stands among those that are set; below 0 while it is not. */
  place = -1;
  dueMs = Infinity;

  constructor(alarms: SharedAlarms, fire: () => void) {
    this.#alarms = alarms;
    this.#fire = fire;
  }

  set(ms: number): void {
    this.#alarms.wasSet(this, ms);
  }

  cancel(): void {
    this.#alarms.wasCancelled(this);
  }

  isDue(nowMs: number): boolean {
    return this.place >= 0 && this.dueMs <= nowMs;
  }

  /** It is set no longer when it fires. */
  fire(): void {
    this.cancel();
    this.#fire();
  }
}
