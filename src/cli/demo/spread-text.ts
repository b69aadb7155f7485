/** How times in ms are spread, and how many there are. */
export function spreadText(valuesMs: readonly number[]): string {
  const sorted = valuesMs.toSorted((a, b) => a - b);
  const at = (share: number): string => (sorted[Math.ceil(share * sorted.length) - 1] ?? 0).toFixed(2);
  if (sorted.length === 1) return `${at(1)} ms   (once)`;
  return `p50 ${at(0.5)} ms   p95 ${at(0.95)} ms   (${sorted.length} times)`;
}
