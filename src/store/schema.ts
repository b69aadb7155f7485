/** The journal's tables as queries see them. `migrations.ts` makes them. All times are Unix time in ms. */
export interface JournalTables {
  readonly calls: CallsTable;
  readonly entries: EntriesTable;
  readonly history: HistoryTable;
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

/**
 * One row for each call: what its entries come to, so that calls can be looked for. It is written when a call begins and when it ends, and
 * can always be made again. A process of an older version leaves it out.
 */
interface HistoryTable {
  readonly call_sid: string;
  readonly from_number: string | null;
  readonly to_number: string | null;
  readonly agent: string | null;
  readonly source: string;
  /** The sentences for a person; null until the end. */
  readonly why: string | null;
  /** Codes with a space between them. */
  readonly faults: string;
  readonly cost_usd: number | null;
  readonly tokens: number;
  /** All null when nothing was answered. */
  readonly waits: number | null;
  readonly wait_median_ms: number | null;
  readonly wait_max_ms: number | null;
  /** What was said, in small letters, a line for each. */
  readonly words: string;
}
