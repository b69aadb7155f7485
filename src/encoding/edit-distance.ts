/** How many letters must be added, removed or replaced to make one word from the other (Levenshtein, row by row). */
export function editDistance(from: string, to: string): number {
  let row = Array.from({ length: to.length + 1 }, (_, index) => index);
  for (const [fromIndex, letter] of from.split('').entries()) {
    const next = [fromIndex + 1];
    for (const [toIndex, other] of to.split('').entries()) {
      const replaced = (row[toIndex] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(replaced, (row[toIndex + 1] ?? 0) + 1, (next[toIndex] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
