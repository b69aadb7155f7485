/** Calls back once, at a time that can be moved: made once for whoever waits again and again. */
export interface Alarm {
  /** Whether it will call back. */
  readonly isSet: boolean;
  /** Calls back when so many ms have passed, and not at the time that was set before. */
  set(ms: number): void;
  cancel(): void;
}

/**
 * So far apart, in ms, the machine is asked what is due. To wake it costs as much as a frame of a call, and no call notices whether it waits
 * a few ms longer.
 */
const passEveryMs = 5;
const earlyMsMax = 1;

/** What the machine has of timers. */
export interface MachineTimers {
  nowMs(): number;
  /** Calls `pass` when so many ms have passed, before anything is read that has arrived meanwhile. */
  after(ms: number, pass: () => void): { cancel(): void };
  /** Calls `fire` when all was handled that has arrived by now. */
  afterReading(fire: () => void): void;
}

/**
 * Alarms that share one timer of the machine. There are some hundreds at most, and most are moved before they are due: a timer for each of
 * these times would live long enough to become work for the garbage collector.
 */
export class SharedAlarms {
  readonly #machine: MachineTimers;
  readonly #pass = (): void => this.#timePassed();
  /** Those that are set, and some that were. */
  readonly #alarms = new Set<SharedAlarm>();
  #timer: ReturnType<MachineTimers['after']> | null = null;
  #timerDueMs = Infinity;
  #passedMs = -Infinity;

  constructor(machine: MachineTimers) {
    this.#machine = machine;
  }

  /** An alarm that is not set. */
  alarm(fire: () => void): Alarm {
    return new SharedAlarm(this, fire);
  }

  /** Has this alarm fire in so many ms. */
  set(alarm: SharedAlarm, ms: number): void {
    alarm.dueMs = this.#machine.nowMs() + ms;
    this.#alarms.add(alarm);
    if (this.#passFor(alarm.dueMs) < this.#timerDueMs) this.#waitUntil(alarm.dueMs);
  }

  cancel(alarm: SharedAlarm): void {
    if (!this.#alarms.delete(alarm) || alarm.dueMs > this.#timerDueMs) return;
    let nextMs = Infinity;
    for (const { dueMs, hasPassed } of this.#alarms) if (!hasPassed) nextMs = Math.min(nextMs, dueMs);
    this.#waitUntil(nextMs);
  }

  /** What is due by now fires when all was handled that has arrived by now, and what becomes due meanwhile does not. */
  #timePassed(): void {
    const nowMs = this.#machine.nowMs();
    const due: SharedAlarm[] = [];
    let nextMs = Infinity;
    for (const alarm of this.#alarms) {
      if (alarm.dueMs === Infinity) this.#alarms.delete(alarm);
      else if (alarm.hasPassed) continue;
      else if (alarm.dueMs <= nowMs) due.push(alarm);
      else nextMs = Math.min(nextMs, alarm.dueMs);
    }
    // The machine may be a millisecond too early, and then looks again at once.
    if (due.length > 0 || nextMs - nowMs > earlyMsMax) this.#passedMs = nowMs;
    if (due.length > 1) due.sort((a, b) => a.dueMs - b.dueMs);
    for (const alarm of due) {
      alarm.hasPassed = true;
      this.#machine.afterReading(alarm.fire);
    }
    this.#waitUntil(nextMs);
  }

  /** When what is due then is looked for. */
  #passFor(dueMs: number): number {
    return Math.max(dueMs, this.#passedMs + passEveryMs);
  }

  #waitUntil(dueMs: number): void {
    this.#timer?.cancel();
    this.#timerDueMs = this.#passFor(dueMs);
    const waitMs = Math.max(0, Math.ceil(this.#timerDueMs - this.#machine.nowMs()));
    this.#timer = dueMs === Infinity ? null : this.#machine.after(waitMs, this.#pass);
  }
}

class SharedAlarm implements Alarm {
  readonly #alarms: SharedAlarms;
  /** Calls back, unless it was set anew or cancelled since its time has passed. */
  readonly fire: () => void;
  /** Infinity while it is not set. */
  dueMs = Infinity;
  hasPassed = false;

  constructor(alarms: SharedAlarms, callBack: () => void) {
    this.#alarms = alarms;
    this.fire = () => {
      if (!this.hasPassed) return;
      this.hasPassed = false;
      this.dueMs = Infinity;
      callBack();
    };
  }

  get isSet(): boolean {
    return this.dueMs !== Infinity;
  }

  set(ms: number): void {
    this.hasPassed = false;
    this.#alarms.set(this, ms);
  }

  cancel(): void {
    this.hasPassed = false;
    this.#alarms.cancel(this);
    this.dueMs = Infinity;
  }
}
