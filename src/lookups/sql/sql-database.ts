/** A value that the model gave. Null: it left it out. */
export type ArgumentValue = string | number | boolean | null;

/** Rows as sentences are made of them. A value is null where the database has none. */
export interface SqlRows {
  readonly rows: readonly (readonly (string | null)[])[];
  /** Whether there are more than these. */
  readonly hasMore: boolean;
}

/**
 * Why there are no rows: the database cannot be reached, everybody who may ask at once is asking, the connection broke off in the middle, it
 * took too long, these values cannot be compared, or the database refused for another reason.
 */
export type SqlFailureCause = 'unreachable' | 'busy' | 'lost' | 'tooSlow' | 'valuesUnfit' | 'refused';

/** A query that brought nothing. `code` is the database's own, for the log. */
export class SqlFailure extends Error {
  readonly failure: SqlFailureCause;
  readonly code: string;

  constructor(failure: SqlFailureCause, code: string, message: string) {
    super(message);
    this.name = 'SqlFailure';
    this.failure = failure;
    this.code = code;
  }
}

/** For whom a query runs. */
export interface SqlRun {
  readonly signal: AbortSignal;
  /** Times that the database knows as moments are told in this zone. */
  readonly timeZone: string;
}

/** A database that was opened for one query. */
export interface SqlDatabase {
  /** The columns that the query gives. */
  readonly columns: readonly string[];
  readonly warnings: readonly string[];
  /** Throws a `SqlFailure`. */
  readonly query: (values: ReadonlyMap<string, ArgumentValue>, run: SqlRun) => Promise<SqlRows>;
  readonly close: () => Promise<void>;
}

/** What a database is opened with. */
export interface SqlMeans {
  readonly rowsMax: number;
  /** How long the database may work on it. */
  readonly timeoutMs: number;
}
