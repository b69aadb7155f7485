/** Everything a call can wait for. Each name is one slot: setting it again moves it. */
export type TimerName =
  | 'streamStart'
  | 'connectAction'
  | 'redirect'
  | 'dial'
  | 'dialRing'
  | 'record'
  | 'goodbye'
  | 'callMax'
  | 'modelOpen'
  | 'modelRetry'
  | 'modelOutage'
  | 'rotation'
  | 'greetingHold'
  | 'callerSilence'
  | 'cover'
  | 'recovery'
  | 'idle'
  | 'playoutDrain'
  | 'tool';

/** A moment at which the call must be looked at, in ms since it began. */
export interface Deadline {
  readonly atMs: number;
  readonly name: TimerName;
}

/** The deadlines of one call. They are data: nothing here measures time. */
export class Timers {
  readonly #slots = new Map<TimerName, number>();

  set(name: TimerName, atMs: number): void {
    this.#slots.set(name, atMs);
  }

  clear(name: TimerName): void {
    this.#slots.delete(name);
  }

  clearAll(): void {
    this.#slots.clear();
  }

  /** The earliest deadline, or null when nothing is waited for. */
  next(): Deadline | null {
    let earliest: Deadline | null = null;
    for (const [name, atMs] of this.#slots) {
      if (earliest === null || atMs < earliest.atMs) earliest = { atMs, name };
    }
    return earliest;
  }

  /** Takes the earliest deadline that is due at `nowMs` out of its slot. */
  takeDue(nowMs: number): TimerName | null {
    const earliest = this.next();
    if (earliest === null || earliest.atMs > nowMs) return null;
    this.#slots.delete(earliest.name);
    return earliest.name;
  }
}
