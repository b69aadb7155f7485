/** Shorter stems are parts of too many words by chance. */
const partCharactersMin = 4;

/** More of them blur a question. */
const similarMax = 4;

/**
 * Stems of the documents that resemble one which stands in none of them: what was misheard or mistyped by one letter, the compound that it
 * is a part of, and the parts of a compound, as in "Rückgabe" and "Rückgabefrist".
 */
export function similarStems(stem: string, known: readonly string[]): string[] {
  if (stem.length < partCharactersMin) return [];
  const found = known.filter((other) => isPartOf(stem, other) || isPartOf(other, stem) || isOneLetterOff(stem, other));
  const distance = (other: string): number => Math.abs(other.length - stem.length);
  return found.toSorted((one, other) => distance(one) - distance(other)).slice(0, similarMax);
}

/** The first or last part, since what stands in the middle of a word is rarely a word. */
function isPartOf(part: string, whole: string): boolean {
  return (
    part.length >= partCharactersMin && part.length < whole.length && (whole.startsWith(part) || whole.endsWith(part))
  );
}

function isOneLetterOff(one: string, other: string): boolean {
  if (Math.abs(one.length - other.length) > 1 || one.length <= partCharactersMin) return false;
  let start = 0;
  while (start < one.length && one[start] === other[start]) start += 1;
  let end = 0;
  const endMax = Math.min(one.length, other.length) - start;
  while (end < endMax && one.at(-1 - end) === other.at(-1 - end)) end += 1;
  return Math.max(one.length, other.length) - start - end <= 1;
}
