/** The journal's tables as queries see them. `migrations.ts` makes them. All times are Unix time in ms. */
export interface JournalTables {
  readonly calls: CallsTable;
  readonly entries: EntriesTable;
}

/** One row for each call. */
interface CallsTable {
  readonly call_sid: string;
  readonly started_at_ms: number;
  /** Its last sign of life. */
  readonly last_at_ms: number;
  /** Counts who had the call, from 1. */
  readonly fence: number;
  /** Who has the call: the process, and its hold on the call. */
  readonly process: string;
  readonly hold: number;
  readonly held_since_ms: number;
  /** Both null while the call may be live. */
  readonly ended_reason: string | null;
  readonly ended_at_ms: number | null;
}

/** What happened, in the order of `fence` and `n`. */
interface EntriesTable {
  readonly call_sid: string;
  readonly fence: number;
  readonly n: number;
  readonly at_ms: number;
  readonly kind: string;
  readonly json: string;
}
