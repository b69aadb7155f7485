const ourPrefixes = /^(AGENT|GEMINI|GOOGLE|TRANSFER|FALLBACK|LOOKUP|MAX|PRICE)_/;

/** Two slips cover a missing letter, a swap, and a forgotten underscore; three would match other programs' variables. */
const slipsMax = 2;

/** One warning per variable that nobody reads but that looks like one of ours with a slip. */
export function misspeltWarnings(given: readonly string[], known: readonly string[]): string[] {
  return given
    .filter((name) => ourPrefixes.test(name) && !known.includes(name))
    .flatMap((name) => {
      const meant = known.find((candidate) => editDistance(name, candidate) <= slipsMax);
      return meant === undefined ? [] : [`${name} is not a setting of Parley; did you mean ${meant}?`];
    });
}

/** How many letters must be added, removed or replaced to make one word from the other (Levenshtein, row by row). */
function editDistance(from: string, to: string): number {
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
