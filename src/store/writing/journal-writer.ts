import type { ErrorCode } from '../../errors.ts';
import type { JournalEntryKind } from '../journal-entry.ts';
import type { JournalAnswer, JournalBackend, JournalItem } from '../journal-job.ts';
import { JournalQueue, type QueueBounds } from './journal-queue.ts';
import type { Clock, Timer } from '../../system/clock.ts';
import type { Logger } from '../../system/logger.ts';

/** How long entries wait to share a write, which costs a flush of the disk. A killed process loses this much, and the write under way. */
const batchMs = 200;

/** That a stream has come must be known soon: until then, another process takes a call for the token that this stream has brought. */
const urgentKind: JournalEntryKind = 'streamed';

/** After a failure the next attempt comes soon, because most failures pass; each further one after twice the time, up to the maximum. */
const retryMs = { first: 250, max: 5_000 };

/** How long a write may take before the state is `failing`. */
const stallMs = 3_000;

/**
 * A store that answered later than this after it was asked proves nothing: the process may have stood still meanwhile, and another one may
 * have its calls.
 */
const fenceMsMax = 5_000;

/** A moment by both clocks: the first stands still with a machine that is suspended, the second is set by others. */
interface Moment {
  readonly nowMs: number;
  readonly unixMs: number;
}

/** How the writing goes. `failing`: entries wait in memory until the file takes them again. */
export type WriterHealth =
  | { readonly kind: 'opening' | 'open' | 'closed' }
  | { readonly kind: 'failing'; readonly code: ErrorCode };

/** A wait for a condition, or for a deadline. */
interface Watcher {
  readonly isSo: () => boolean;
  readonly finish: () => void;
}

/** Sends entries to the backend in batches, one batch at a time, and repeats one that failed. Whoever writes never waits. */
export class JournalWriter {
  readonly #backend: JournalBackend;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #onRefused: (hold: number) => void;
  readonly #queue: JournalQueue;
  readonly #watchers = new Set<Watcher>();
  #health: WriterHealth = { kind: 'opening' };
  #lastError: ErrorCode | null = null;
  #inFlight: { readonly items: readonly JournalItem[]; readonly since: Moment } | null = null;
  /** When the store was asked that took entries last. */
  #taken: Moment | null = null;
  #outboxEntries = 0;
  #isClosing = false;
  /** Entries that the store could never take. */
  #unfitEntries = 0;
  /** The time to write came while a batch was on its way. */
  #isDue = false;
  #timer: Timer | null = null;
  #retryAfterMs = retryMs.first;

  /** Makes the backend open its file at once. `onRefused` is told which hold may not write any more. */
  constructor(backend: JournalBackend, clock: Clock, max: QueueBounds, log: Logger, onRefused: (hold: number) => void) {
    this.#backend = backend;
    this.#clock = clock;
    this.#queue = new JournalQueue(max);
    this.#log = log;
    this.#onRefused = onRefused;
    this.#flush();
  }

  get health(): WriterHealth {
    const hangs = this.#inFlight !== null && this.#clock.nowMs() - this.#inFlight.since.nowMs > stallMs;
    return hangs && this.#health.kind !== 'closed' ? { kind: 'failing', code: 'journal.unusable' } : this.#health;
  }

  /** The last failure, also when it has passed. */
  get lastError(): ErrorCode | null {
    return this.#lastError;
  }

  get queuedEntries(): number {
    return this.#queue.length + (this.#inFlight?.items.length ?? 0);
  }

  /** Entries that wait on the disk. */
  get outboxEntries(): number {
    return this.#outboxEntries;
  }

  get droppedEntries(): number {
    return this.#queue.dropped + this.#unfitEntries;
  }

  write(item: JournalItem): void {
    if (this.#health.kind === 'closed') return;
    const dropped = this.#queue.dropped;
    this.#queue.push(item);
    if (dropped === 0 && this.#queue.dropped > 0) this.#log.warn({ fault: this.#lastError }, 'journalDrops');
    this.#timer ??= this.#clock.lazily(batchMs, () => this.#flush());
    if (item.kind === urgentKind) this.hasten();
  }

  /** Writes what waits at once, instead of with the next batch. It does not make a failing file try more often. */
  hasten(): void {
    if (this.#health.kind !== 'failing') this.#flush();
  }

  /** Drops what a hold still had to write. */
  forget(hold: number): void {
    this.#queue.remove(hold);
  }

  /**
   * Calls `done` when nothing of the call is on its way any more; with false after `msMax`, when some entry was given up meanwhile, or when it
   * was so long ago that the store was asked who has the call.
   */
  settled(callSid: string, msMax: number, done: (isKept: boolean) => void): void {
    this.hasten();
    const isOnItsWay = (item: JournalItem): boolean => item.callSid === callSid;
    const isSettled = (): boolean => !this.#queue.holds(callSid) && this.#inFlight?.items.some(isOnItsWay) !== true;
    const unfitEntries = this.#unfitEntries;
    // While the file takes nothing, entries may also have been dropped.
    const isTaken = (): boolean => this.#health.kind === 'open' && this.#isFresh && this.#unfitEntries === unfitEntries;
    this.#until(isSettled, msMax, (isSo) => done(isSo && isTaken()));
  }

  /** Writes what waits, for at most `msMax`, and takes nothing more. Calls `done` with how many entries were not written. */
  close(msMax: number, done: (lostEntries: number) => void): void {
    this.#isClosing = true;
    this.#flush();
    this.#until(
      () => this.queuedEntries === 0,
      msMax,
      () => {
        this.#health = { kind: 'closed' };
        this.#stopTimer();
        done(this.queuedEntries);
      },
    );
  }

  #flush(): void {
    this.#stopTimer();
    this.#isDue = this.#inFlight !== null;
    if (this.#isDue || this.#health.kind === 'closed') return;
    const items = this.#queue.take();
    // Without entries, the file is opened.
    if (items.length === 0 && this.#health.kind === 'open') return;
    const since = this.#now;
    this.#inFlight = { items, since };
    this.#backend.ask({ kind: 'write', items, isLast: this.#isClosing }, (answer) => {
      this.#inFlight = null;
      this.#take(answer, items, since);
      for (const watcher of this.#watchers) if (watcher.isSo()) watcher.finish();
      if (answer.kind === 'behind') this.#flush();
      else this.#scheduleNext();
    });
  }

  /** What comes of a write that was asked for at `since`. */
  #take(answer: JournalAnswer, items: readonly JournalItem[], since: Moment): void {
    if (answer.kind !== 'written' && answer.kind !== 'filed') this.#queue.giveBack(items);
    if (answer.kind === 'filed' || answer.kind === 'failed') this.#fail(answer.code, answer.why);
    if (answer.kind === 'filed' || answer.kind === 'behind') this.#wait(answer.outboxEntries);
    if (answer.kind === 'written') {
      this.#taken = since;
      this.#outboxEntries = 0;
      this.#succeed();
    }
    if (answer.kind !== 'written' && answer.kind !== 'behind') return;
    if (answer.unfit !== undefined) this.#giveUp(answer.unfit);
    for (const hold of answer.refusedHolds) this.#onRefused(hold);
  }

  #giveUp(whys: readonly string[]): void {
    if (this.#unfitEntries === 0) this.#log.error({ why: whys[0] }, 'journalRefuses');
    this.#unfitEntries += whys.length;
  }

  get #now(): Moment {
    return { nowMs: this.#clock.nowMs(), unixMs: this.#clock.unixMs() };
  }

  get #isFresh(): boolean {
    if (this.#taken === null) return false;
    const { nowMs, unixMs } = this.#now;
    return Math.max(nowMs - this.#taken.nowMs, unixMs - this.#taken.unixMs) <= fenceMsMax;
  }

  #wait(outboxEntries: number): void {
    if (this.#outboxEntries === 0) this.#log.info({ outboxEntries }, 'journalInOutbox');
    this.#outboxEntries = outboxEntries;
  }

  #succeed(): void {
    this.#retryAfterMs = retryMs.first;
    const before = this.#health.kind;
    if (before === 'closed') return;
    this.#health = { kind: 'open' };
    if (before === 'opening') this.#log.info('journalOpened');
    const { queuedEntries, droppedEntries } = this;
    if (before === 'failing') this.#log.info({ queuedEntries, droppedEntries }, 'journalRecovered');
  }

  #fail(code: ErrorCode, why: string): void {
    const before = this.#health;
    this.#lastError = code;
    if (before.kind === 'closed') return;
    this.#health = { kind: 'failing', code };
    if (before.kind !== 'failing' || before.code !== code) this.#log.warn({ fault: code, why }, 'journalFailing');
  }

  #scheduleNext(): void {
    if (this.#health.kind === 'closed') return;
    if (this.#health.kind === 'failing') {
      this.#stopTimer();
      if (this.#isClosing) this.#retryAfterMs = retryMs.first;
      this.#timer = this.#clock.lazily(this.#retryAfterMs, () => this.#flush());
      this.#retryAfterMs = Math.min(retryMs.max, 2 * this.#retryAfterMs);
      return;
    }
    if (this.#queue.length === 0) return;
    // A queue that is longer than a batch is written without pause.
    if (this.#isDue) this.#flush();
    else this.#timer ??= this.#clock.lazily(batchMs, () => this.#flush());
  }

  #until(isSo: () => boolean, msMax: number, done: (isSo: boolean) => void): void {
    if (isSo()) return done(true);
    const watcher: Watcher = {
      isSo,
      finish: () => {
        this.#watchers.delete(watcher);
        tooLate.cancel();
        done(isSo());
      },
    };
    const tooLate = this.#clock.after(msMax, watcher.finish);
    this.#watchers.add(watcher);
  }

  #stopTimer(): void {
    this.#timer?.cancel();
    this.#timer = null;
  }
}
