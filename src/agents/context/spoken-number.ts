import { plainText } from './plain-text.ts';

/** What networks send in the place of a number that is withheld: words, or the digits that spell them on a keypad. */
const withheld: ReadonlySet<string> = new Set([
  'anonymous',
  'unknown',
  'restricted',
  'private',
  'unavailable',
  'blocked',
  '+266696687',
  '+7378742833',
  '+2562533',
  '+8566696',
  '+86282452253',
]);

/** SIP addresses have a few dozen. */
const addressCharactersMax = 100;

/**
 * A number for a voice that reads it out, digit by digit in groups: "plus 1, 4 1 5, 5 5 5, 0 1 0 0". An address of another kind stays as it
 * is; null for one that is withheld.
 */
export function spokenNumber(number: string | null): string | null {
  const written = number?.trim() ?? '';
  if (written === '' || withheld.has(written.toLowerCase())) return null;
  if (!/^\+?\d{2,15}$/.test(written)) return plainText(written, addressCharactersMax);
  const digits = written.replace('+', '');
  const groups = digitGroups(digits).map((group) => group.split('').join(' '));
  return `${written.startsWith('+') ? 'plus ' : ''}${groups.join(', ')}`;
}

/** In North America as people say it; elsewhere threes, because where its parts end differs from country to country. */
function digitGroups(digits: string): string[] {
  const [, ...american] = /^(1)(\d{3})(\d{3})(\d{4})$/.exec(digits) ?? [];
  if (american.length > 0) return american;
  // Nobody says a digit alone at the end.
  return digits.match(/\d{3}(?=\d{2})|\d{1,4}$/g) ?? [digits];
}
