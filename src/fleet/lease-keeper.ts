import type { Clock, Timer } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import {
  answerMsMax,
  beatMs,
  type FallenProcess,
  type LeaseAnswer,
  type LeaseAsk,
  type LeaseFailure,
  leaseMs,
  type LeaseStore,
  type LivingProcess,
} from './lease.ts';
import { Takers } from './takers.ts';

/** How soon a process asks again that has hardly any room left: others may have some that they do not need. */
const hastyMs = 500;

/** What is hardly any room, as a part of the slots. */
const scarcePart = 0.2;

/** What the keeper of a lease concerns. */
export interface LeaseUsers {
  /** How many calls there are, those that ring included. */
  readonly calls: () => number;
  /** Whether new ones are taken. */
  readonly takesCalls: () => boolean;
  /** Whether the process is too late with its calls to take another at this moment. */
  readonly isLate: () => boolean;
  /** Where others find the operator's pages of this process; null where it shows none. */
  readonly pages: () => string | null;
  /** Other processes have fallen. Told with each beat, until their calls are fetched. */
  readonly onFallen: (fallen: readonly FallenProcess[], peers: readonly string[]) => void;
  /** Other processes may have the calls of this one. */
  readonly onDoubt: () => void;
  /** Another process has the name of this one, which was taken for dead. */
  readonly onReplaced: () => void;
}

/** What a keeper is made of. */
export interface LeaseKeeperParts {
  readonly store: LeaseStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly holder: string;
  readonly instance: string | null;
  /** The limit of all processes together, and how many of them this one takes at most. */
  readonly callsMax: number;
  readonly ownCallsMax: number;
}

/** How the lease of a process stands. */
export interface LeaseState {
  /** `unsure`: the store has not answered for longer than a lease. `doubtful`: this process stood still, and takes no calls until it has. */
  readonly kind: 'held' | 'unsure' | 'doubtful';
  readonly slots: number;
  /** How many calls all processes together have beyond the limit, as far as the store knows. */
  readonly callsOver: number;
}

/** A moment by both clocks: the first stands still with a machine that is suspended, the second is set by others. */
interface Moment {
  readonly nowMs: number;
  readonly unixMs: number;
}

const nobody: LeaseUsers = {
  calls: () => 0,
  takesCalls: () => true,
  isLate: () => false,
  pages: () => null,
  onFallen: () => {},
  onDoubt: () => {},
  onReplaced: () => {},
};

/**
 * The lease of this process: renews it, and knows how many calls the process may have, without asking anybody. While the store is away, what
 * it has been granted goes on.
 */
export class LeaseKeeper {
  readonly #parts: LeaseKeeperParts;
  readonly #takers = new Takers();
  #users = nobody;
  #onAnswer: (answer: LeaseAnswer | LeaseFailure) => void = () => {};
  #slots = 0;
  #callsOver = 0;
  #peers: readonly string[] = [];
  #living: readonly LivingProcess[] = [];
  #asked = 0;
  /** The question that is on its way. */
  #flight: { readonly asked: number; readonly at: Moment } | null = null;
  /** When the question was asked that was answered last. */
  #heldAt: Moment | null = null;
  /** When this process last did something about its lease. */
  #awakeAt: Moment;
  #isDoubtful = false;
  #isUnsure = false;
  #isReplaced = false;
  #isClosed = false;
  #timer: Timer | null = null;

  constructor(parts: LeaseKeeperParts) {
    this.#parts = parts;
    this.#awakeAt = this.#now;
  }

  /** What this process is called at the store. */
  get holder(): string {
    return this.#parts.holder;
  }

  /** How many calls this process may have. */
  get slots(): number {
    this.#notice();
    return this.#isDoubtful || this.#isReplaced ? 0 : this.#slots;
  }

  get state(): LeaseState {
    const { slots } = this;
    const kind = this.#isDoubtful ? 'doubtful' : this.#isUnsure ? 'unsure' : 'held';
    return { kind, slots, callsOver: this.#callsOver };
  }

  /** The processes that take calls, this one as well, by the last answer. */
  get peers(): readonly string[] {
    return this.#peers;
  }

  /** The instance that is to take a call for which there is no room here; null when none has room, by the last answer. */
  takerOf(callSid: string): string | null {
    return this.#takers.take(callSid);
  }

  /** The processes that live, this one as well, by the last answer. */
  get living(): readonly LivingProcess[] {
    return this.#living;
  }

  /** Whether a process lives, by the last answer. */
  lives(holder: string): boolean {
    return this.#living.some((lease) => lease.holder === holder);
  }

  /** Whom the lease concerns from here on. */
  watch(users: LeaseUsers): void {
    this.#users = users;
  }

  /** Begins to ask, and goes on by itself. `onAnswer` is told each answer. */
  start(onAnswer: (answer: LeaseAnswer | LeaseFailure) => void = () => {}): void {
    this.#onAnswer = onAnswer;
    this.#beat();
  }

  /** Gives the lease back, and calls `done` in bounded time. */
  close(done: () => void): void {
    this.#isClosed = true;
    this.#timer?.cancel();
    this.#parts.store.leave(this.#parts.holder, done);
  }

  /** Looks whether this process stood still since it last did something about its lease. */
  #notice(): void {
    const [awakeAt, heldAt] = [this.#awakeAt, this.#heldAt];
    if (this.#isDoubtful || heldAt === null) return;
    // While the store is away, this process is awake and goes on.
    if (this.#since(awakeAt) <= 2 * beatMs || this.#since(heldAt) <= leaseMs) return;
    this.#isDoubtful = true;
    this.#parts.log.warn({ stoodStillMs: Math.round(this.#since(awakeAt)) }, 'stoodStill');
    this.#users.onDoubt();
  }

  #beat(): void {
    this.#notice();
    this.#awakeAt = this.#now;
    const isWaiting = this.#flight !== null && this.#since(this.#flight.at) <= answerMsMax;
    if (!isWaiting) this.#ask();
    this.#sayWhetherSure();
    this.#wait();
  }

  #wait(): void {
    this.#timer?.cancel();
    const { calls, takesCalls } = this.#users;
    const isScarce = this.#slots - calls() <= scarcePart * this.#slots;
    const isHasty = this.#heldAt === null || (isScarce && takesCalls());
    this.#timer = this.#parts.clock.lazily(isHasty ? hastyMs : beatMs, () => this.#beat());
  }

  #ask(): void {
    const { store, holder, instance, callsMax, ownCallsMax } = this.#parts;
    const calls = this.#users.calls();
    this.#asked += 1;
    const asked = this.#asked;
    const ask: LeaseAsk = {
      holder,
      instance,
      asked,
      calls,
      callsMax,
      ownCallsMax,
      slots: this.#slots,
      takesCalls: this.#users.takesCalls(),
      isLate: this.#users.isLate(),
      isRenewal: this.#heldAt !== null,
      pages: this.#users.pages(),
    };
    this.#flight = { asked, at: this.#now };
    store.ask(ask, (answer) => this.#take(asked, answer));
  }

  #take(asked: number, answer: LeaseAnswer | LeaseFailure): void {
    const flight = this.#flight;
    if (this.#isClosed || flight?.asked !== asked) return;
    this.#flight = null;
    // It was granted long ago, to a process that stood still since then.
    const isStale = this.#since(flight.at) > leaseMs;
    if (answer.kind === 'held' && !isStale) this.#hold(answer, flight.at);
    if (answer.kind === 'taken') this.#replaced(answer.by);
    if (answer.kind === 'failed' && !this.#isUnsure) this.#parts.log.debug({ why: answer.why }, 'leaseNotRenewed');
    this.#onAnswer(answer);
  }

  #hold(answer: Extract<LeaseAnswer, { kind: 'held' }>, at: Moment): void {
    const { log } = this.#parts;
    const { slots, goal, wasLost, callsOver, fallen, peers, takers, living } = answer;
    this.#peers = peers;
    this.#takers.learn(takers);
    this.#living = living;
    // What will be given back is not used any more, so that the next question may say so.
    this.#slots = Math.min(slots, goal);
    this.#heldAt = at;
    this.#isDoubtful = false;
    this.#sayWhetherSure();
    if (callsOver > 0 && callsOver !== this.#callsOver) log.warn({ callsOver }, 'callsOverLimit');
    this.#callsOver = callsOver;
    if (wasLost) {
      log.warn({ calls: this.#users.calls(), slots }, 'leaseLost');
      this.#users.onDoubt();
    }
    if (fallen.length > 0) this.#users.onFallen(fallen, peers);
  }

  #replaced(by: string): void {
    if (this.#heldAt === null || this.#isReplaced) return;
    this.#isReplaced = true;
    this.#parts.log.error({ fault: 'instance.taken', by }, 'instanceReplaced');
    this.#users.onReplaced();
  }

  #sayWhetherSure(): void {
    if (this.#heldAt === null) return;
    const isUnsure = this.#since(this.#heldAt) > leaseMs;
    if (isUnsure === this.#isUnsure) return;
    this.#isUnsure = isUnsure;
    const { log } = this.#parts;
    if (isUnsure) log.warn({ slots: this.#slots }, 'leaseUnsure');
    else log.info({ slots: this.#slots }, 'leaseSure');
  }

  get #now(): Moment {
    const { clock } = this.#parts;
    return { nowMs: clock.nowMs(), unixMs: clock.unixMs() };
  }

  /** How long ago a moment was, by the clock that has gone further. */
  #since({ nowMs, unixMs }: Moment): number {
    const now = this.#now;
    return Math.max(now.nowMs - nowMs, now.unixMs - unixMs);
  }
}
