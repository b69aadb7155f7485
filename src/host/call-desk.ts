import type { ContextValues } from '../agents/context/context-values.ts';
import { CallJournal, callMemory } from '../store/call-journal.ts';
import type { CallRecord } from '../store/writing/call-record.ts';
import type { CallMemory } from '../call/talk/memory.ts';
import type { Journal } from '../store/journal.ts';
import type { JournaledEntry } from '../store/journal-entry.ts';
import type { Clock } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import type { TokenBucket } from '../system/token-bucket.ts';
import { logCrash } from './call-doors.ts';
import { CallHost } from './call-host.ts';
import type { CallRegistry } from './call-registry.ts';
import type { CallWorld } from './call-world.ts';
import { type CallAccount, OutcomeWriter } from './outcome/outcome-writer.ts';

/** Who calls, and which number was called, as Twilio gave them; null where it withheld one. */
export interface Parties {
  readonly from: string | null;
  readonly to: string | null;
}

/** What a new host needs beside the journal: the world, and the models of the call's sessions. */
export interface CallPlan {
  readonly world: Omit<CallWorld, 'settled' | 'release' | 'onEnd'>;
  /** Ids of the model that the call begins with, and of the fallback. */
  readonly models: { readonly first: string; readonly fallback: string };
  /** For the history; null where none is kept. */
  readonly account: CallAccount | null;
}

/** What a desk is made of. */
export interface CallDeskParts {
  readonly registry: CallRegistry;
  readonly journal: Journal;
  readonly clock: Clock;
  /** For how many new calls a session may be opened before their streams start. */
  readonly earlySessions: TokenBucket;
  /** The agent may depend on who calls and which number was called. */
  readonly planFor: (callSid: string, parties: Parties, context: ContextValues) => CallPlan;
  readonly log: Logger;
}

/** What is known of a call before its host is made. */
interface KnownCall {
  readonly callSid: string;
  readonly parties: Parties;
  readonly context: ContextValues;
  readonly record: CallRecord;
}

/**
 * How long the answer to a new call waits until the call is on record. The phone still rings, and a flush of a busy disk takes some 100 ms.
 */
const recordedMsMax = 250;

/** Makes the host of each call: of new ones, and of those whose process is gone. */
export class CallDesk {
  readonly #parts: CallDeskParts;
  /** By CallSid, who waits for a takeover that is under way. All get the same host. */
  readonly #takingOver = new Map<string, ((host: CallHost | null) => void)[]>();

  constructor(parts: CallDeskParts) {
    this.#parts = parts;
  }

  /** Makes the host of a new call, and begins its record. Null if that fails: nobody but this caller notices. */
  open(callSid: string, parties: Parties, context: ContextValues): CallHost | null {
    let host: CallHost | null = null;
    const record = this.#parts.journal.accept(callSid, parties, () => host?.fence());
    // Whoever goes on with the call asks nobody again.
    if (context.size > 0) record.append({ kind: 'context', values: Object.fromEntries(context) });
    host = this.#begin({ callSid, parties, context, record }, null);
    if (!this.#parts.earlySessions.take(1)) host?.tell({ type: 'service.crowded' });
    return host;
  }

  /** Keeps in the history that there was no room for a call. */
  refuse(callSid: string, parties: Parties, why: string): void {
    this.#parts.journal.refuse(callSid, parties, why);
  }

  /**
   * Calls `done` when the call is on record, or the journal is too slow. Once Twilio has its answer, the next process must know the call.
   */
  recorded(callSid: string, done: () => void): void {
    this.#parts.journal.settled(callSid, done, recordedMsMax);
  }

  /**
   * Calls `done` with the host when a takeover of this call is under way, as soon as that is done; with null at once when there is none.
   */
  pending(callSid: string, done: (host: CallHost | null) => void): void {
    const waiting = this.#takingOver.get(callSid);
    if (waiting === undefined) done(null);
    else waiting.push(done);
  }

  /**
   * Takes a call over from an earlier process. Calls `done` with its host, or with null if the journal knows no such call that is still
   * live, or if it cannot go on here. `stream`: the number of the stream that came for it, and with which it goes on if none of that number
   * came before, to any process; null when Twilio asks.
   */
  takeOver(callSid: string, done: (host: CallHost | null) => void, stream: number | null = null): void {
    const waiting = this.#takingOver.get(callSid);
    if (waiting !== undefined) return void waiting.push(done);
    const all = [done];
    this.#takingOver.set(callSid, all);
    this.#takeOver(callSid, stream, (host) => {
      this.#takingOver.delete(callSid);
      for (const one of all) one(host);
    });
  }

  #takeOver(callSid: string, stream: number | null, done: (host: CallHost | null) => void): void {
    const { journal, clock, log } = this.#parts;
    let host: CallHost | null = null;
    journal.takeOver(
      callSid,
      () => host?.fence(),
      (taken) => {
        if (taken.kind !== 'taken') {
          log.info({ callSid, journal: taken.kind }, 'callNotTakenOver');
          return done(null);
        }
        const { call, record } = taken;
        const streamComes = stream !== null;
        const memoryOf = (model: string): CallMemory => ({
          ...callMemory(call, model, clock.unixMs()),
          ...(streamComes && { streamComes }),
        });
        const { entries } = call;
        const known = { callSid, parties: partiesOf(entries), context: contextOf(entries), record };
        host = this.#begin(known, memoryOf);
        done(host);
      },
      stream,
    );
  }

  /** Makes a host, and lets it go on from what is known of the call. A fault of ours ends this call alone: null. */
  #begin(known: KnownCall, memoryOf: ((model: string) => CallMemory) | null): CallHost | null {
    const { planFor, registry, log } = this.#parts;
    const { callSid, parties, context, record } = known;
    try {
      const plan = planFor(callSid, parties, context);
      const memory = memoryOf?.(plan.models.first) ?? null;
      const { account } = plan;
      const source = registry.sourceOf(callSid);
      if (memory === null && account !== null) record.append({ kind: 'agent', name: account.agent, source });
      const recorded = account?.recorded ?? null;
      if (recorded !== null) record.append({ kind: 'recorded', ...recorded });
      const host = this.#host(callSid, plan, record);
      registry.add(host);
      if (memory !== null) host.tell({ type: 'call.restored', memory });
      return host;
    } catch (error) {
      logCrash(log.child({ callSid }), error);
      record.end('crashed');
      return null;
    }
  }

  #host(callSid: string, { world, models, account }: CallPlan, record: CallRecord): CallHost {
    const { registry, journal, log } = this.#parts;
    const settled = (done: (isRecorded: boolean) => void): void => journal.settled(callSid, done);
    const release = (wasQuiet: boolean, done: () => void): void => {
      if (wasQuiet) record.append({ kind: 'leftQuiet' });
      settled(() => {
        record.release();
        done();
      });
    };
    // The outcome is written before the end, with which the record closes.
    const observers = [new OutcomeWriter(record, account), new CallJournal(record, models), ...world.observers];
    const onEnd = (): void => registry.ended(host);
    const host = new CallHost(callSid, { ...world, observers, settled, release, onEnd }, log);
    return host;
  }
}

/** A record that was begun in mid-call holds no numbers. */
function partiesOf(entries: readonly ({ readonly kind: string } & Partial<Parties>)[]): Parties {
  const { from = null, to = null } = entries.find(({ kind }) => kind === 'accepted') ?? {};
  return { from, to };
}

/** What was learned of the call before it was answered. */
function contextOf(entries: readonly JournaledEntry[]): ContextValues {
  const values = entries.findLast((entry) => entry.kind === 'context')?.values ?? {};
  return new Map(Object.entries(values));
}
