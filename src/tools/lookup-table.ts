/** What the admin lets the agent look things up in. Every record has one value per column; unknown values are empty. */
export interface LookupTable {
  readonly columns: readonly string[];
  readonly records: readonly (readonly string[])[];
}

/** A search may scan every record, and the 20 ms frames of all calls wait meanwhile. */
const recordsMax = 50_000;

/** Each session tells the model every column. */
const columnsMax = 40;

/**
 * Refuses what is too large to be searched during a call. To be asked before a table is made: the work grows with the columns times the
 * records, of which a small file may name very many. `complain` throws.
 */
export function checkSize(
  { columns, records }: { readonly columns: ArrayLike<unknown>; readonly records: ArrayLike<unknown> },
  complain: (problem: string) => never,
): void {
  if (records.length > recordsMax) complain(`it holds more than ${recordsMax} records`);
  if (columns.length > columnsMax) complain(`it has more than ${columnsMax} columns`);
}
