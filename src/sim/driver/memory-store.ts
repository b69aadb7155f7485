import type { Remains } from '../../fleet/lease-rules.ts';
import { hasStreamed, type JournaledCall, type JournaledEntry, readEntry } from '../../store/journal-entry.ts';
import type { JournalAnswer, JournalBackend, JournalItem, JournalJob } from '../../store/journal-job.ts';
import { lostReason, repeatMsMax } from '../../store/journal-store.ts';
import type { Clock } from '../../system/clock.ts';

/** Who has a call, and what is known of it. */
interface StoredCall {
  readonly startedAtMs: number;
  lastAtMs: number;
  fence: number;
  process: string;
  hold: number;
  heldSinceMs: number;
  ended: JournaledCall['ended'];
  /** By fence and number. */
  readonly entries: Map<string, JournaledEntry>;
}

/**
 * The record of calls in memory, by the rules that `test/store/store-contract.ts` states for every store. It outlives the processes of
 * a simulation, as a file does.
 */
export class MemoryStore {
  readonly #calls = new Map<string, StoredCall>();

  /** Does one job for a process, all of it or nothing. */
  perform(job: JournalJob, process: string): JournalAnswer {
    switch (job.kind) {
      case 'write':
        return { kind: 'written', refusedHolds: this.#write(job.items, process) };
      case 'read':
        return { kind: 'call', call: this.#read(job.callSid) };
      case 'owner':
        return { kind: 'owner', owner: this.#owner(job.callSid) };
      case 'takeOver':
        return { kind: 'call', call: this.#takeOver(job, process) };
      case 'unfinished':
        return { kind: 'calls', calls: this.#unfinished() };
      case 'closeUnfinished':
        return { kind: 'count', count: this.#closeUnfinished(job.beforeMs, job.atMs, job.reason, process) };
      case 'prune':
        return { kind: 'count', count: this.#prune(job.beforeMs) };
      case 'tell':
      case 'close':
        return { kind: 'count', count: 0 };
    }
  }

  /** What a process has left, and in which of its calls caller and agent talk. */
  remainsOf(process: string): Remains {
    const calls = [...this.#calls].filter(([, call]) => call.process === process && call.ended === null);
    const talking = calls.filter(([, { entries }]) => {
      const last = [...entries.values()].toSorted((a, b) => a.fence - b.fence || a.n - b.n).findLast(isState);
      return last?.phase === undefined || last.phase === 'stream';
    });
    return { hasCalls: calls.length > 0, talking: talking.map(([callSid]) => callSid) };
  }

  #write(items: readonly JournalItem[], process: string): readonly number[] {
    const refused = new Set<number>();
    for (const item of items) {
      const call = refused.has(item.hold) ? null : this.#claim(item, process);
      if (call === null) refused.add(item.hold);
      else this.#add(call, item);
    }
    return [...refused];
  }

  /** The call, if this hold has it or is to have it. */
  #claim({ callSid, hold, atMs, startedAtMs, heldSinceMs }: JournalItem, process: string): StoredCall | null {
    const call = this.#calls.get(callSid);
    if (call === undefined) {
      const begun = {
        startedAtMs,
        lastAtMs: atMs,
        fence: 1,
        process,
        hold,
        heldSinceMs,
        ended: null,
        entries: new Map(),
      };
      this.#calls.set(callSid, begun);
      return begun;
    }
    if (call.process === process && call.hold === hold) {
      call.lastAtMs = Math.max(call.lastAtMs, atMs);
      if (call.ended?.reason === lostReason) call.ended = null;
      return call;
    }
    const isLater =
      heldSinceMs > call.heldSinceMs ||
      (heldSinceMs === call.heldSinceMs && call.process === process && hold > call.hold);
    if (!isLater || call.startedAtMs < startedAtMs - repeatMsMax) return null;
    Object.assign(call, { fence: call.fence + 1, process, hold, heldSinceMs, lastAtMs: atMs, ended: null });
    return call;
  }

  #add(call: StoredCall, { n, atMs, kind, json }: JournalItem): void {
    const { entries, fence } = call;
    const key = `${fence} ${n}`;
    const entry = readEntry(kind, json);
    if (entry === null || entries.has(key)) return;
    entries.set(key, { ...entry, fence, n, atMs });
    if (entry.kind === 'ended') call.ended = { reason: entry.reason, atMs };
  }

  #read(callSid: string): JournaledCall | null {
    const call = this.#calls.get(callSid);
    if (call === undefined) return null;
    const { startedAtMs, fence, process, ended, entries } = call;
    const inOrder = [...entries.values()].toSorted((a, b) => a.fence - b.fence || a.n - b.n);
    return { callSid, startedAtMs, fence, process, ended, entries: inOrder };
  }

  #owner(callSid: string): string | null {
    const call = this.#calls.get(callSid);
    if (call === undefined || (call.ended !== null && call.ended.reason !== lostReason)) return null;
    return call.process;
  }

  #takeOver(
    { callSid, hold, atMs, stream }: Extract<JournalJob, { kind: 'takeOver' }>,
    process: string,
  ): JournaledCall | null {
    const call = this.#calls.get(callSid);
    if (stream !== null && call !== undefined && hasStreamed([...call.entries.values()], stream)) return null;
    if (call !== undefined && (call.ended === null || call.ended.reason === lostReason)) {
      const fence = call.fence + 1;
      const heldSinceMs = Math.max(atMs, call.heldSinceMs + 1);
      Object.assign(call, { fence, process, hold, heldSinceMs, lastAtMs: atMs, ended: null });
      const taken = { kind: 'takenOver', ...(stream !== null && { stream }) } as const;
      call.entries.set(`${fence} 0`, { ...taken, fence, n: 0, atMs });
    }
    return this.#read(callSid);
  }

  #unfinished(): readonly { readonly callSid: string }[] {
    const open = [...this.#calls].filter(([, { ended }]) => ended === null);
    return open.toSorted(([, a], [, b]) => a.lastAtMs - b.lastAtMs).map(([callSid]) => ({ callSid }));
  }

  #closeUnfinished(beforeMs: number, atMs: number, reason: string, process: string): number {
    const lost = [...this.#calls.values()].filter(
      (call) => call.ended === null && call.lastAtMs < beforeMs && call.process !== process,
    );
    for (const call of lost) call.ended = { reason, atMs };
    return lost.length;
  }

  #prune(beforeMs: number): number {
    const old = [...this.#calls].filter(([, { ended }]) => ended !== null && ended.atMs < beforeMs);
    for (const [callSid] of old) this.#calls.delete(callSid);
    return old.length;
  }
}

function isState(entry: JournaledEntry): entry is Extract<JournaledEntry, { kind: 'state' }> {
  return entry.kind === 'state';
}

/** How long the store takes for a question; null while it fails. */
export type StoreLatency = () => number | null;

/** How long it takes to be told that the store fails. */
const failureMs = 1;

/** The store as one process sees it: it answers one question after the other, and what a process that is killed still waits for was never asked. */
export function memoryBackend(
  store: MemoryStore,
  process: string,
  clock: Clock,
  latency: StoreLatency,
): JournalBackend {
  let busyUntilMs = 0;
  return {
    ask(job, done) {
      const takesMs = latency();
      busyUntilMs = Math.max(busyUntilMs, clock.nowMs()) + (takesMs ?? failureMs);
      clock.after(busyUntilMs - clock.nowMs(), () => {
        const failed: JournalAnswer = { kind: 'failed', code: 'journal.unusable', why: 'The disk fails.' };
        done(takesMs === null ? failed : store.perform(job, process));
      });
    },
    stop: (done) => done(),
  };
}
