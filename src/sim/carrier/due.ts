/** What is due of several things that may be, and when; null when none is. Of two at the same time, the first that is named. */
export function firstDue<What extends string>(
  dues: Readonly<Record<What, number | null>>,
  names: readonly What[],
): { readonly what: What; readonly atMs: number } | null {
  let first: { readonly what: What; readonly atMs: number } | null = null;
  for (const what of names) {
    const atMs = dues[what];
    if (atMs !== null && (first === null || atMs < first.atMs)) first = { what, atMs };
  }
  return first;
}
