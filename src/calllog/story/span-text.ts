/** A span of time, as a reader wants it: milliseconds up to a second, then seconds. */
export function spanText(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(2)} s`;
}
