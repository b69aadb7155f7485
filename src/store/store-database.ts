import { ParleyError } from '../errors.ts';

// What a store asks of its database: statements by name, whose texts `queries.ts` has. Their texts are made ahead of time for each kind of
// database, so that the thread of the journal loads no builder of queries and spends nothing on building them.

/** The columns by name. Integers arrive as numbers. */
export type StoreRow = Readonly<Record<string, unknown>>;

/** Each statement, with the values that it is run with. Times are Unix time in ms. */
export interface StatementValues {
  touchCall: { callSid: string; process: string; hold: number; atMs: number };
  claimCall: {
    callSid: string;
    process: string;
    hold: number;
    heldSinceMs: number;
    startedAtMs: number;
    earliestStartMs: number;
    atMs: number;
  };
  raiseFence: { callSid: string; process: string; hold: number; heldSinceMs: number; atMs: number };
  endCall: { callSid: string; reason: string; atMs: number };
  insertEntry: { callSid: string; fence: number; n: number; atMs: number; kind: string; json: string };
  readCall: { callSid: string };
  readEntries: { callSid: string; limit: number; talkMax: number };
  unfinishedCalls: { limit: number };
  closeUnfinished: { beforeMs: number; atMs: number; reason: string; process: string };
  untoldCalls: { limit: number };
  writeHistory: {
    callSid: string;
    from: string | null;
    to: string | null;
    agent: string | null;
    source: string;
    why: string | null;
    faults: string;
    costUsd: number | null;
    tokens: number;
    waits: number | null;
    waitMedianMs: number | null;
    waitMaxMs: number | null;
    words: string;
  };
  forgetWords: { callSid: string };
  pruneCalls: { beforeMs: number; limit: number };
  forgetEntries: { callSid: string };
  forgetHistory: { callSid: string };
}

export type StatementName = keyof StatementValues;

/** A database with the journal's tables. Both methods may reject with an error of the database. */
export interface StoreDatabase {
  /** Runs a statement. Resolves to the rows that it brings; none for most. */
  run<Name extends StatementName>(name: Name, values: StatementValues[Name]): Promise<readonly StoreRow[]>;

  /** All that is done meanwhile is kept, or nothing. What it writes depends on no other's work that comes in between. */
  transaction<Result>(work: () => Promise<Result>): Promise<Result>;

  /** Whether an error is about the values that were given: the same ones are refused again, and others are not. */
  refusesValues(error: unknown): boolean;
}

/** The text in a column. */
export function textIn(row: StoreRow, column: string): string {
  const value = row[column];
  if (typeof value === 'string') return value;
  throw wrongKind(column, value);
}

/** The number in a column. */
export function numberIn(row: StoreRow, column: string): number {
  const value = row[column];
  if (typeof value === 'number') return value;
  throw wrongKind(column, value);
}

function wrongKind(column: string, value: unknown): ParleyError {
  return new ParleyError('journal.unusable', `A row holds a value of type ${typeof value} as ${column}.`);
}
