/** What the admin lets the agent look things up in. Every record has one value per column; unknown values are empty. */
export interface LookupTable {
  readonly columns: readonly string[];
  readonly records: readonly (readonly string[])[];
}
