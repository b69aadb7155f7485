/** One thing that was seen. */
export interface Observation {
  readonly what: string;
  readonly seen: string;
  /** Whether it is as Parley relies on; null where Parley relies on nothing. */
  readonly agrees: boolean | null;
}
