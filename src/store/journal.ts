import { randomUUID } from 'node:crypto';
import type { ErrorCode } from '../errors.ts';
import { CallRecord } from './call-record.ts';
import type { JournaledCall } from './journal-entry.ts';
import type { JournalAnswer, JournalItem, JournalJob, JournalRenewal, UnfinishedCall } from './journal-job.ts';
import type { QueueBounds } from './journal-queue.ts';
import { lostReason } from './journal-store.ts';
import { JournalThread } from './sqlite/journal-thread.ts';
import { JournalWriter } from './journal-writer.ts';
import type { Logger } from '../host/logger.ts';
import { within } from '../host/within.ts';

/** What a journal may use. */
export interface JournalLimits {
  readonly queue: QueueBounds;
  readonly fileBytesMax: number;
  /** How long another program may hold a file that is being opened. */
  readonly lockedMsMax: number;
  /** How long a question to the journal may wait, and half as long for entries of its call that are still on their way. */
  readonly answerMsMax: number;
}

const usualLimits: JournalLimits = {
  // An hour of a hundred calls that talk, while the disk is full.
  queue: { items: 100_000, bytes: 64 * 1024 * 1024 },
  // Some hundred thousand calls. A journal that nobody prunes must not fill the disk that others need as well.
  fileBytesMax: 1024 * 1024 * 1024,
  // A process that drains beside us holds the file for some ms at a time. Who holds it longer does not let go.
  lockedMsMax: 3_000,
  // Twilio's question waits for it. The caller hears nothing meanwhile, and Twilio gives up after 15 s (TW-HOOK-2).
  answerMsMax: 2_000,
};

/** How long the thread gets to end. One that waits for a disk that hangs cannot be ended. */
const stopMsMax = 500;

const dayMs = 24 * 60 * 60 * 1000;

/** How it goes, for the operator. Calls do not depend on it. */
export interface JournalState {
  /** `off`: none is wanted. `failing`: entries wait in memory until the file takes them again. */
  readonly kind: 'off' | 'opening' | 'open' | 'failing' | 'closed';
  readonly queuedEntries: number;
  readonly droppedEntries: number;
  /** Where the last file is that could not be used. */
  readonly movedAside: string | null;
  /** The last failure, also when it has passed. */
  readonly lastError: ErrorCode | null;
}

/** What came of taking a call over. `unavailable`: the journal could not say in time. */
export type TakeOver =
  | { readonly kind: 'taken'; readonly call: JournaledCall; readonly record: CallRecord }
  | { readonly kind: 'over'; readonly call: JournaledCall }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unavailable' };

/** What a journal is made of. */
export interface JournalOptions {
  /** Null: keep none. */
  readonly file: string | null;
  readonly log: Logger;
  /** Unix time in ms. */
  readonly now?: () => number;
  readonly limits?: Partial<JournalLimits>;
  /** The program of the thread that has the file. */
  readonly script?: URL;
}

/** The two parts of a journal that keeps something. */
interface Parts {
  readonly thread: JournalThread;
  readonly writer: JournalWriter;
}

/**
 * The durable record of every call. Whoever writes never waits: entries are queued, and a thread of its own puts them into the file
 * five times a second. While the file fails they wait in memory. Nothing here throws.
 */
export class Journal {
  readonly #log: Logger;
  readonly #now: () => number;
  readonly #answerMsMax: number;
  readonly #parts: Parts | null;
  /** Who writes, by the number of the hold. */
  readonly #records = new Map<number, CallRecord>();
  #holds = 0;
  #movedAside: string | null = null;

  /** Begins to open the file, and makes it if it is not there. Entries may be written at once. */
  constructor({ file, log, now = Date.now, limits, script }: JournalOptions) {
    const { queue, answerMsMax, ...fileLimits } = { ...usualLimits, ...limits };
    this.#answerMsMax = answerMsMax;
    this.#log = log;
    this.#now = () => Math.round(now());
    if (file === null) {
      this.#parts = null;
      return;
    }
    const settings = { file, process: randomUUID(), ...fileLimits };
    const program = script ?? new URL('sqlite/journal-worker.ts', import.meta.url);
    const thread = new JournalThread(settings, program, (renewal) => this.#renew(renewal));
    this.#parts = { thread, writer: new JournalWriter(thread, queue, log, (hold) => this.#fence(hold)) };
  }

  get state(): JournalState {
    const writer = this.#parts?.writer;
    return {
      kind: writer?.health.kind ?? 'off',
      queuedEntries: writer?.queuedEntries ?? 0,
      droppedEntries: writer?.droppedEntries ?? 0,
      movedAside: this.#movedAside,
      lastError: writer?.lastError ?? null,
    };
  }

  /**
   * A call is taken: its record begins, and is written at once. Whoever had the call before has it no more, and `onFenced` is told when
   * the same happens to us.
   */
  accept(callSid: string, parties: { from: string | null; to: string | null }, onFenced: () => void): CallRecord {
    const startedAtMs = this.#now();
    this.#holds += 1;
    const record = this.#record(callSid, this.#holds, { startedAtMs, heldSinceMs: startedAtMs }, onFenced);
    record.append({ kind: 'accepted', ...parties });
    // With what Twilio is told at once: a call without that could not be restored.
    queueMicrotask(() => this.#parts?.writer.hasten());
    return record;
  }

  /** Takes over a call that another process had, or an earlier part of this one, and that has not ended. */
  async takeOver(callSid: string, onFenced: () => void): Promise<TakeOver> {
    if (this.#parts === null) return { kind: 'unknown' };
    const { thread, writer } = this.#parts;
    this.#holds += 1;
    const hold = this.#holds;
    await writer.settled(callSid, this.#answerMsMax / 2);
    const atMs = this.#now();
    const taking = this.#insist(thread, { kind: 'takeOver', callSid, hold, atMs }).then((answer): TakeOver => {
      if (answer.kind !== 'call') return { kind: 'unavailable' };
      const { call } = answer;
      if (call === null) return { kind: 'unknown' };
      if (call.ended !== null) return { kind: 'over', call };
      const record = this.#record(callSid, hold, { startedAtMs: call.startedAtMs, heldSinceMs: atMs }, onFenced);
      record.inherit(call);
      return { kind: 'taken', call, record };
    });
    const taken = await within(taking, this.#answerMsMax);
    if (taken !== null) return taken;
    // The caller has gone on without the agent, and nobody else will end the record.
    void taking.then((late) => (late.kind === 'taken' ? late.record.end(lostReason) : undefined));
    return { kind: 'unavailable' };
  }

  /** What is known of a call, with all that was written until now if the file takes it in time. Null also when it cannot be read. */
  async read(callSid: string): Promise<JournaledCall | null> {
    await this.settled(callSid);
    const answer = await this.#ask({ kind: 'read', callSid });
    return answer?.kind === 'call' ? answer.call : null;
  }

  /**
   * Resolves when all that was written of a call is in the file, or the file does not take it in time. Whoever has the call no more has
   * been told by then.
   */
  async settled(callSid: string, msMax = this.#answerMsMax / 2): Promise<void> {
    await this.#parts?.writer.settled(callSid, msMax);
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
    const atMs = this.#now();
    const answer = await this.#ask({ kind: 'closeUnfinished', beforeMs: atMs - quietMs, atMs, reason: lostReason });
    return answer?.kind === 'count' ? answer.count : 0;
  }

  /** Deletes the calls that ended more than `keepDays` ago. Returns how many. */
  async prune(keepDays: number): Promise<number> {
    const beforeMs = this.#now() - keepDays * dayMs;
    for (let pruned = 0; ;) {
      const answer = await this.#ask({ kind: 'prune', beforeMs });
      if (answer?.kind !== 'count' || answer.count === 0) return pruned;
      pruned += answer.count;
    }
  }

  /** Writes what waits, for at most `msMax`, and closes the file. What comes later is not written. */
  async close(msMax: number): Promise<void> {
    if (this.#parts === null) return;
    const { thread, writer } = this.#parts;
    const untilMs = performance.now() + msMax;
    const lostEntries = await writer.close(msMax);
    if (lostEntries > 0) this.#log.warn({ entries: lostEntries, fault: writer.lastError }, 'journalCutShort');
    await within(thread.ask({ kind: 'close' }), Math.max(0, untilMs - performance.now()));
    await within(thread.stop(), stopMsMax);
  }

  /** Asks again while another process is at the file, as one may be that stood still in the middle of a write. */
  async #insist(thread: JournalThread, job: JournalJob): Promise<JournalAnswer> {
    const untilMs = performance.now() + this.#answerMsMax;
    for (;;) {
      const answer = await thread.ask(job);
      const isLocked = answer.kind === 'failed' && answer.code === 'journal.locked';
      if (!isLocked || performance.now() > untilMs) return answer;
    }
  }

  async #ask(job: JournalJob): Promise<JournalAnswer | null> {
    return this.#parts === null ? null : within(this.#parts.thread.ask(job), this.#answerMsMax);
  }

  #record(
    callSid: string,
    hold: number,
    since: { readonly startedAtMs: number; readonly heldSinceMs: number },
    onFenced: () => void,
  ): CallRecord {
    const write = (item: JournalItem): void => {
      this.#parts?.writer.write(item);
      if (item.kind === 'ended') this.#records.delete(hold);
    };
    const record = new CallRecord({ callSid, hold, ...since, now: this.#now, write, onFenced });
    this.#records.set(hold, record);
    return record;
  }

  #fence(hold: number): void {
    this.#parts?.writer.forget(hold);
    this.#records.get(hold)?.fence();
    this.#records.delete(hold);
  }

  /** The calls that live go on in the new file. */
  #renew({ cause, movedTo }: JournalRenewal): void {
    if (movedTo !== null) this.#movedAside = movedTo;
    this.#log.warn({ fault: cause, movedTo }, 'journalRenewed');
    for (const record of this.#records.values()) record.repeat();
  }
}
