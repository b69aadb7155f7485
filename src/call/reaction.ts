import type { CallEffect, Note } from './effects.ts';
import { type Deadline, type TimerName, Timers } from './timers.ts';

/**
 * What a call does about the event in hand: the moment it is handled at, the effects it orders, and the deadlines it sets. The
 * parts of a call share one.
 */
export class Reaction {
  readonly #timers = new Timers();
  readonly #faultsSeen = new Set<string>();
  #faultCount = 0;
  #nowMs = 0;
  #effects: CallEffect[] = [];

  /** Turns to the next event. Time that goes back counts as standing still. */
  begin(atMs: number): void {
    this.#nowMs = Math.max(this.#nowMs, atMs);
    this.#effects = [];
  }

  get nowMs(): number {
    return this.#nowMs;
  }

  get effects(): readonly CallEffect[] {
    return this.#effects;
  }

  do(...effects: readonly CallEffect[]): void {
    this.#effects.push(...effects);
  }

  note(level: Note['level'], name: string, fields: Note['fields']): void {
    this.do({ type: 'note', level, name, fields });
  }

  /** The first fault of a kind is a line in the log; a flood of them must not be a flood of lines. */
  noteFault(fault: string): void {
    this.#faultCount += 1;
    if (this.#faultsSeen.has(fault)) return;
    this.#faultsSeen.add(fault);
    this.note('warn', 'frameRejected', { fault });
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
}
