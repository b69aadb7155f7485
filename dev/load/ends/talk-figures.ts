import { HeardAudio } from './heard-audio.ts';
import { frameNumbers, pieceNumbers } from './marked-sound.ts';
import { TripTimes } from './trip-times.ts';

/** What both ends of one call saw. */
export class TalkFigures {
  readonly up = new TripTimes(frameNumbers);
  readonly down = new TripTimes(pieceNumbers);
  readonly heard = new HeardAudio();
  #clearTripsMs: number[] = [];
  #interruptedMs = Number.NaN;
  #unclear = 0;
  #sessionsLost = 0;
  #nudges = 0;
  #broken = '';

  /** How long it took from interruptions to their `clear`. */
  get clearTripsMs(): readonly number[] {
    return this.#clearTripsMs;
  }

  /** Interruptions without a `clear`: the model has interrupted again since. */
  get unclear(): number {
    return this.#unclear;
  }

  /** Sessions that the bridge closed before the call was over. */
  get sessionsLost(): number {
    return this.#sessionsLost;
  }

  /** How often the model was asked to say something, the greeting aside. */
  get nudges(): number {
    return this.#nudges;
  }

  /** Why the call broke; empty when it did not. */
  get broken(): string {
    return this.#broken;
  }

  get isTalking(): boolean {
    return this.up.tripsMs.length > 10 && this.down.tripsMs.length > 0;
  }

  /** Whether an interruption of this time or earlier has no `clear` yet. */
  isUnclearSince(atMs: number): boolean {
    return this.#interruptedMs <= atMs;
  }

  interrupted(nowMs: number): void {
    if (!Number.isNaN(this.#interruptedMs)) this.#unclear += 1;
    this.#interruptedMs = nowMs;
  }

  cleared(nowMs: number): void {
    if (!Number.isNaN(this.#interruptedMs)) this.#clearTripsMs.push(nowMs - this.#interruptedMs);
    this.#interruptedMs = Number.NaN;
  }

  sessionLost(): void {
    this.#sessionsLost += 1;
  }

  nudged(): void {
    this.#nudges += 1;
  }

  broke(why: string): void {
    this.#broken ||= why;
  }

  /** Counts anew. What is on its way still counts when it comes, and what broke stays broken. */
  startOver(): void {
    this.up.startOver();
    this.down.startOver();
    this.heard.startOver();
    this.#clearTripsMs = [];
    this.#unclear = 0;
    this.#nudges = 0;
  }
}
