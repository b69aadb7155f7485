import { editDistance } from '../encoding/edit-distance.ts';

/** Names of other programs begin with these words as well: `GOOGLE_API_KEY`, or `JOURNAL_STREAM` of systemd. */
const sharedPrefixes: ReadonlySet<string> = new Set([
  'DATABASE',
  'GOOGLE',
  'JOURNAL',
  'LOG',
  'MAX',
  'MODEL',
  'OTEL',
  'PUBLIC',
]);

/** Two slips cover a missing letter, a swap, and a forgotten underscore; three would match other programs' variables. */
const slipsMax = 2;

/** Two slips make another word of a shorter name: `HOME` is two letters from `HOST`. */
const charactersMin = 8;

/** One warning per variable that nobody reads but that is a slip or two away from one of ours, or begins as only ours do. */
export function misspeltWarnings(given: readonly string[], known: readonly string[]): string[] {
  const longNames = known.filter((name) => name.length >= charactersMin);
  return given
    .filter((name) => !known.includes(name))
    .flatMap((written) => {
      const name = written.toUpperCase().replaceAll('-', '_');
      const near = longNames.filter((other) => isNear(name, other));
      const meant = nearestOf(name, near) ?? nearestOf(name, withOurPrefix(name, longNames));
      return meant === undefined ? [] : [`${written} is not a setting of Parley; did you mean ${meant}?`];
    });
}

/** The settings that begin with the same word, if that word is ours alone. */
function withOurPrefix(name: string, known: readonly string[]): string[] {
  const [prefix = '', ...rest] = name.split('_');
  if (rest.length === 0 || sharedPrefixes.has(prefix)) return [];
  return known.filter((other) => other.startsWith(`${prefix}_`));
}

/** The one of these names that is a slip or two away; null when none is. */
export function nearestName(written: string, known: readonly string[]): string | null {
  return (
    nearestOf(
      written,
      known.filter((name) => isNear(written, name) && name.length > slipsMax && isSameWord(written, name)),
    ) ?? null
  );
}

/** Of a short word, two letters are too much: `on` is no slip for `off`. */
function isSameWord(written: string, name: string): boolean {
  return 2 * editDistance(written, name) <= Math.min(written.length, name.length);
}

function isNear(name: string, other: string): boolean {
  return Math.abs(name.length - other.length) <= slipsMax && editDistance(name, other) <= slipsMax;
}

function nearestOf(name: string, known: readonly string[]): string | undefined {
  return known.toSorted((a, b) => editDistance(name, a) - editDistance(name, b))[0];
}
