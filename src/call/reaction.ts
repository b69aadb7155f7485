import type { CallEffect, Note } from './effects.ts';
import type { CallEvent } from './events.ts';
import { type Deadline, type TimerName, Timers } from './timers.ts';

/** Lines of one name in the service's log. A call of hours has fewer of each, and a model must not fill the disk with them. */
const notesMax = 500;

/** How a call reacts to the current event: the time, the effects in order, and the deadlines. All parts of a call share one. */
export class Reaction {
  readonly #timers = new Timers();
  readonly #timesNoted = new Map<string, number>();
  /** Keys of ours alone. */
  readonly #notedOnce = new Set<string>();
  #faultCount = 0;
  #nowMs = 0;
  #settledMs = 0;
  #effects: CallEffect[] = [];

  /** Begins the next event. A time that goes back counts as standing still. */
  begin(event: CallEvent): void {
    this.#nowMs = Math.max(this.#nowMs, event.atMs);
    if (event.type === 'tick') this.#settledMs = Math.max(this.#settledMs, event.atMs - (event.lateMs ?? 0));
    this.#effects = [];
  }

  /** Everything that had arrived by then has been handled: what is missing from before does not lie unread in this process. */
  get settledMs(): number {
    return this.#settledMs;
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get effects(): readonly CallEffect[] {
    return this.#effects;
  }

  do(...effects: CallEffect[]): void {
    // Most events have effects of one order alone, and an array that grows is made with room for many.
    if (this.#effects.length === 0) this.#effects = effects;
    else for (const effect of effects) this.#effects.push(effect);
  }

  note(level: Note['level'], name: string, fields: Note['fields']): void {
    const times = (this.#timesNoted.get(name) ?? 0) + 1;
    this.#timesNoted.set(name, times);
    if (times <= notesMax) this.do({ type: 'note', level, name, fields });
  }

  /** Warns of a kind of thing, told by its fields, only the first time, so that a flood of it does not flood the log. */
  noteOnce(name: string, fields: Readonly<Record<string, string>>): void {
    const kind = [name, ...Object.values(fields)].join(' ');
    if (this.#notedOnce.has(kind)) return;
    this.#notedOnce.add(kind);
    this.note('warn', name, fields);
  }

  noteFault(fault: string): void {
    this.#faultCount += 1;
    this.noteOnce('frameRejected', { fault });
  }

  /** Messages of both peers that could not be used. */
  get faultCount(): number {
    return this.#faultCount;
  }

  /** Waits for `name`, at most `ms` from this moment. */
  wait(name: TimerName, ms: number): void {
    this.#timers.set(name, this.#nowMs + ms);
  }

  /** Waits for `name` until `atMs`, or not at all. */
  waitUntil(name: TimerName, atMs: number | null): void {
    if (atMs === null) this.#timers.clear(name);
    else this.#timers.set(name, atMs);
  }

  stopWaiting(...names: readonly TimerName[]): void {
    for (const name of names) this.#timers.clear(name);
  }

  stopAllWaiting(): void {
    this.#timers.clearAll();
  }

  /** Takes the earliest deadline that is due by this moment. */
  takeDue(): TimerName | null {
    return this.#timers.takeDue(this.#nowMs);
  }

  get nextDeadline(): Deadline | null {
    return this.#timers.next();
  }

  /** No deadline is earlier than this, in ms since the call began; -Infinity when that is not known. */
  get soonestDeadlineMs(): number {
    return this.#timers.soonestMs;
  }
}
