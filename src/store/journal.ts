import type { ErrorCode } from '../errors.ts';
import type { CallRecord, TakeOver } from './writing/call-record.ts';
import { HeldRecords } from './writing/held-records.ts';
import type { JournaledCall } from './journal-entry.ts';
import type { JournalAnswer, JournalBackend, JournalJob, JournalRenewal, UnfinishedCall } from './journal-job.ts';
import type { QueueBounds } from './writing/journal-queue.ts';
import { lostReason, refusedReason } from './journal-store.ts';
import { JournalWriter } from './writing/journal-writer.ts';
import { type Clock, withDeadline } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import { within } from '../system/within.ts';

/** How much a journal may keep in memory, and how long it may take. */
export interface JournalLimits {
  readonly queue: QueueBounds;
  /** How long a question to the journal may wait, and half as long for entries of its call that are still on their way. */
  readonly answerMsMax: number;
}

const usualLimits: JournalLimits = {
  // An hour of a hundred calls that talk, while the disk is full.
  queue: { items: 100_000, bytes: 64 * 1024 * 1024 },
  // Twilio's question waits for it. The caller hears nothing meanwhile, and Twilio gives up after 15 s (TW-HOOK-2).
  answerMsMax: 2_000,
};

/** How long the thread gets to end. One that waits for a disk that hangs cannot be ended. */
const stopMsMax = 500;

const dayMs = 24 * 60 * 60 * 1000;

/** The state of the journal, for the operator. Calls do not depend on it. */
export interface JournalState {
  /** `off`: none is wanted. `failing`: entries wait in memory until the file takes them again. */
  readonly kind: 'off' | 'opening' | 'open' | 'failing' | 'closed';
  readonly queuedEntries: number;
  readonly droppedEntries: number;
  /** Entries that wait on the disk until the database is back. */
  readonly outboxEntries: number;
  /** Where the last file is that could not be used. */
  readonly movedAside: string | null;
  /** The last failure, also when it has passed. */
  readonly lastError: ErrorCode | null;
}

/** Opens the place where the record of calls is kept; `onRenewal` is told when that begins anew. */
export type OpenBackend = (onRenewal: (renewal: JournalRenewal) => void) => JournalBackend;

/** What a journal is made of. */
export interface JournalOptions {
  /** Null: keep none. */
  readonly open: OpenBackend | null;
  readonly clock: Clock;
  readonly log: Logger;
  readonly limits?: Partial<JournalLimits>;
}

/** The two parts of a journal that keeps something. */
interface Parts {
  readonly backend: JournalBackend;
  readonly writer: JournalWriter;
}

/**
 * The durable record of every call. Whoever writes never waits: entries are queued, and the backend writes them five times a second.
 * While that fails they wait in memory. Nothing here throws.
 */
export class Journal {
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #answerMsMax: number;
  readonly #parts: Parts | null;
  readonly #records: HeldRecords;
  #movedAside: string | null = null;

  /** Begins to open the backend. Entries may be written at once. */
  constructor({ open, clock, log, limits }: JournalOptions) {
    const { queue, answerMsMax } = { ...usualLimits, ...limits };
    this.#answerMsMax = answerMsMax;
    this.#clock = clock;
    this.#log = log;
    this.#records = new HeldRecords(
      () => this.#nowMs(),
      (item) => this.#parts?.writer.write(item),
    );
    const backend = open?.((renewal) => this.#renew(renewal)) ?? null;
    const onRefused = (hold: number): void => this.#fence(hold);
    this.#parts =
      backend === null ? null : { backend, writer: new JournalWriter(backend, clock, queue, log, onRefused) };
  }

  get state(): JournalState {
    const writer = this.#parts?.writer;
    return {
      kind: writer?.health.kind ?? 'off',
      queuedEntries: writer?.queuedEntries ?? 0,
      droppedEntries: writer?.droppedEntries ?? 0,
      outboxEntries: writer?.outboxEntries ?? 0,
      movedAside: this.#movedAside,
      lastError: writer?.lastError ?? null,
    };
  }

  /** A call is accepted, and its record begins. Whoever had the call before loses it. `onFenced` is called when this process loses it. */
  accept(callSid: string, parties: { from: string | null; to: string | null }, onFenced: () => void): CallRecord {
    const startedAtMs = this.#nowMs();
    const hold = this.#records.nextHold();
    const record = this.#records.begin(callSid, hold, { startedAtMs, heldSinceMs: startedAtMs }, onFenced);
    record.append({ kind: 'accepted', ...parties });
    return record;
  }

  /**
   * Keeps in the history that a call was not taken. It takes no call from whoever has it: a record that is there stays as it is, and whoever
   * accepts the call later gets it.
   */
  refuse(callSid: string, parties: { from: string | null; to: string | null }, why: string): void {
    const since = { startedAtMs: this.#nowMs(), heldSinceMs: 0 };
    const record = this.#records.begin(callSid, this.#records.nextHold(), since, () => {});
    record.append({ kind: 'accepted', ...parties });
    record.append({ kind: 'outcome', faults: [], why });
    record.end(refusedReason);
  }

  /**
   * Takes over a call that another process had, or an earlier part of this one, and that has not ended. `done` is called in bounded time.
   * `stream`: the number of the stream that has come for it; one that came before makes the call unknown.
   */
  takeOver(callSid: string, onFenced: () => void, done: (taken: TakeOver) => void, stream: number | null = null): void {
    if (this.#parts === null) return done({ kind: 'unknown' });
    const { backend, writer } = this.#parts;
    const hold = this.#records.nextHold();
    writer.settled(callSid, this.#answerMsMax / 2, () => {
      const atMs = this.#nowMs();
      withDeadline<TakeOver>(
        this.#clock,
        this.#answerMsMax,
        (bring) =>
          this.#insist(backend, { kind: 'takeOver', callSid, hold, atMs, stream }, (answer) =>
            bring(this.#taken(answer, { callSid, hold, atMs }, onFenced)),
          ),
        (taken) => done(taken ?? { kind: 'unavailable' }),
        // By then the caller has got the fallback, and nobody else will end the record.
        (late) => (late.kind === 'taken' ? late.record.end(lostReason) : undefined),
      );
    });
  }

  #taken(
    answer: JournalAnswer,
    { callSid, hold, atMs }: { readonly callSid: string; readonly hold: number; readonly atMs: number },
    onFenced: () => void,
  ): TakeOver {
    if (answer.kind !== 'call') return { kind: 'unavailable' };
    const { call } = answer;
    if (call === null) return { kind: 'unknown' };
    if (call.ended !== null) return { kind: 'over', call };
    const record = this.#records.begin(callSid, hold, { startedAtMs: call.startedAtMs, heldSinceMs: atMs }, onFenced);
    record.inherit(call);
    return { kind: 'taken', call, record };
  }

  /**
   * The process that has a call which may be live, by what is on record. Calls `done` in bounded time, with null also when the journal could
   * not say by then.
   */
  owner(callSid: string, done: (owner: string | null) => void, msMax = this.#answerMsMax / 2): void {
    if (this.#parts === null) return done(null);
    const { backend } = this.#parts;
    withDeadline<JournalAnswer>(
      this.#clock,
      msMax,
      (bring) => backend.ask({ kind: 'owner', callSid }, bring),
      (answer) => done(answer?.kind === 'owner' ? answer.owner : null),
    );
  }

  /** What is known of a call, with all that was written until now if the file takes it in time. Null also when it cannot be read. */
  async read(callSid: string): Promise<JournaledCall | null> {
    await new Promise((resolve) => this.settled(callSid, resolve));
    const answer = await this.#ask({ kind: 'read', callSid });
    return answer?.kind === 'call' ? answer.call : null;
  }

  /**
   * Calls `done` when all entries of a call are kept, or with false when that takes too long or took so long that another process may have the
   * call by now. If this process has lost the call, `onFenced` was called before.
   */
  settled(callSid: string, done: (isKept: boolean) => void, msMax = this.#answerMsMax / 2): void {
    if (this.#parts === null) done(true);
    else this.#parts.writer.settled(callSid, msMax, done);
  }

  /** Other processes may have calls of this one. Writes something of each once more, so that it hears of it: `onFenced` is called for those. */
  reassert(): void {
    this.#records.repeatLast();
    this.#parts?.writer.hasten();
  }

  /** Calls without an end, the quietest first: the live ones, and those of a process that was killed. */
  async unfinished(): Promise<readonly UnfinishedCall[]> {
    const answer = await this.#ask({ kind: 'unfinished' });
    return answer?.kind === 'calls' ? answer.calls : [];
  }

  /**
   * Ends, with the reason `lost`, the calls of other processes that gave no sign of life for `quietMs`. It is a presumption: a call that
   * is taken over later, or whose process writes again, is open again. Returns how many.
   */
  async closeUnfinished(quietMs: number): Promise<number> {
    const atMs = this.#nowMs();
    const answer = await this.#ask({ kind: 'closeUnfinished', beforeMs: atMs - quietMs, atMs, reason: lostReason });
    return answer?.kind === 'count' ? answer.count : 0;
  }

  /** Tells of calls that the history lacks, as those of an older version. Returns of how many. */
  tell(): Promise<number> {
    return this.#untilNone({ kind: 'tell' });
  }

  /** Deletes the calls that ended more than `keepDays` ago. Returns how many. */
  prune(keepDays: number): Promise<number> {
    return this.#untilNone({ kind: 'prune', beforeMs: this.#nowMs() - keepDays * dayMs });
  }

  /** Writes what waits, for at most `msMax`, and closes the backend. What comes later is not written. Calls `done` in bounded time. */
  close(msMax: number, done: () => void): void {
    if (this.#parts === null) return done();
    const { backend, writer } = this.#parts;
    const untilMs = this.#clock.nowMs() + msMax;
    writer.close(msMax, (lostEntries) => {
      if (lostEntries > 0) this.#log.warn({ entries: lostEntries, fault: writer.lastError }, 'journalCutShort');
      const stop = (): void => withDeadline<void>(this.#clock, stopMsMax, (stopped) => backend.stop(stopped), done);
      const leftMs = Math.max(0, untilMs - this.#clock.nowMs());
      withDeadline<JournalAnswer>(this.#clock, leftMs, (closed) => backend.ask({ kind: 'close' }, closed), stop);
    });
  }

  #nowMs(): number {
    return Math.round(this.#clock.unixMs());
  }

  /** Asks again while another process has the file locked, such as one that stands still in the middle of a write. */
  #insist(backend: JournalBackend, job: JournalJob, done: (answer: JournalAnswer) => void): void {
    const untilMs = this.#clock.nowMs() + this.#answerMsMax;
    const ask = (): void =>
      backend.ask(job, (answer) => {
        const isLocked = answer.kind === 'failed' && answer.code === 'journal.locked';
        if (isLocked && this.#clock.nowMs() <= untilMs) ask();
        else done(answer);
      });
    ask();
  }

  async #ask(job: JournalJob): Promise<JournalAnswer | null> {
    const { backend } = this.#parts ?? {};
    if (backend === undefined) return null;
    return within(new Promise<JournalAnswer>((resolve) => backend.ask(job, resolve)), this.#answerMsMax);
  }

  /** Asks again and again for a job that does some of its work at a time. Returns how much was done. */
  async #untilNone(job: JournalJob): Promise<number> {
    for (let done = 0; ;) {
      const answer = await this.#ask(job);
      if (answer?.kind !== 'count' || answer.count === 0) return done;
      done += answer.count;
    }
  }

  #fence(hold: number): void {
    this.#parts?.writer.forget(hold);
    this.#records.fence(hold);
  }

  /** Live calls go on in the new file. */
  #renew({ cause, movedTo }: JournalRenewal): void {
    if (movedTo !== null) this.#movedAside = movedTo;
    this.#log.warn({ fault: cause, movedTo }, 'journalRenewed');
    this.#records.repeat();
  }
}
