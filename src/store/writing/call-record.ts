import { entryJson, type JournalEntry, type JournaledCall, type JournalEntryKind } from '../journal-entry.ts';
import type { JournalItem } from '../journal-job.ts';

/** Whose record it is. */
export interface RecordOwner {
  readonly callSid: string;
  readonly hold: number;
  readonly startedAtMs: number;
  readonly heldSinceMs: number;
  readonly now: () => number;
  /** Takes an entry on its way to the file. */
  readonly write: (item: JournalItem) => void;
  /** Another process has the call, and this one must not act for it any more. */
  readonly onFenced: () => void;
}

/** What a call cannot be restored or told of without. The last entry of each kind counts. */
const essentialKinds: ReadonlySet<JournalEntryKind> = new Set([
  'accepted',
  'agent',
  'context',
  'state',
  'callee',
  'handle',
  'figures',
]);

/**
 * The right to write the journal of one call. Only one is valid at a time: accepting a call or taking it over ends the right of whoever had
 * it before. Nothing here throws or waits.
 */
export class CallRecord {
  readonly #owner: RecordOwner;
  #essentials: readonly JournalEntry[] = [];
  #entries = 0;
  #state: 'open' | 'ended' | 'released' | 'fenced' = 'open';

  constructor(owner: RecordOwner) {
    this.#owner = owner;
  }

  append(entry: Exclude<JournalEntry, { kind: 'ended' | 'takenOver' }>): void {
    if (this.#state !== 'open') return;
    this.#keep(entry);
    this.#write(entry);
  }

  /** The call is over. What comes later is not written. */
  end(reason: string): void {
    if (this.#state !== 'open') return;
    this.#state = 'ended';
    this.#write({ kind: 'ended', reason });
  }

  /** The next process goes on with the call: the record stays open, and nothing more is written here. */
  release(): void {
    if (this.#state === 'open') this.#state = 'released';
  }

  /** For the journal: another process has the call. */
  fence(): void {
    if (this.#state !== 'open') return;
    this.#state = 'fenced';
    this.#owner.onFenced();
  }

  /** For the journal: the call was taken over as it stood. */
  inherit({ entries }: JournaledCall): void {
    for (const { fence: _, n: __, atMs: ___, ...entry } of entries) this.#keep(entry);
  }

  /** For the journal: the old file is gone, and the new one must hold enough to restore the call. */
  repeat(): void {
    for (const entry of this.#essentials) this.#write(entry);
  }

  /** For the journal: whether the call is still this process's is shown by what is written. */
  repeatLast(): void {
    const last = this.#essentials.at(-1);
    if (this.#state === 'open' && last !== undefined) this.#write(last);
  }

  /** Keeps what a call's part of a new file must hold, although the old file held it. */
  #keep(entry: JournalEntry): void {
    if (!essentialKinds.has(entry.kind)) return;
    this.#essentials = [...this.#essentials.filter(({ kind }) => kind !== entry.kind), entry];
  }

  #write(entry: JournalEntry): void {
    const { callSid, hold, startedAtMs, heldSinceMs, now, write } = this.#owner;
    this.#entries += 1;
    const item = { callSid, hold, startedAtMs, heldSinceMs, atMs: now(), n: this.#entries };
    write({ ...item, kind: entry.kind, json: entryJson(entry) });
  }
}

/** The result of taking a call over. `unavailable`: the journal could not say in time. */
export type TakeOver =
  | { readonly kind: 'taken'; readonly call: JournaledCall; readonly record: CallRecord }
  | { readonly kind: 'over'; readonly call: JournaledCall }
  | { readonly kind: 'unknown' }
  | { readonly kind: 'unavailable' };
