const units =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen ' +
  'eighteen nineteen';
const tens = 'twenty thirty forty fifty sixty seventy eighty ninety';

/** Number words that callers say one after the other. "oh" is what English speakers say for a nought in a code. */
const numbers: ReadonlyMap<string, number> = new Map([
  ['oh', 0],
  ...units.split(' ').map((word, index): [string, number] => [word, index]),
  ...tens.split(' ').map((word, index): [string, number] => [word, 20 + 10 * index]),
]);

const tensAndUnit = new RegExp(
  `\\b(${tens.replaceAll(' ', '|')}) (one|two|three|four|five|six|seven|eight|nine)\\b`,
  'g',
);

/**
 * One form for all ways to write or say the same thing: "A-1042", "a one oh four two" and "A ten forty-two" become `a1042`.
 * Case, spaces, punctuation and accents vanish, number words become digits. Empty if no letter or digit is left.
 */
export function spokenKey(text: string): string {
  return spokenWords(text)
    .join(' ')
    .replaceAll(tensAndUnit, (_pair, ten: string, unit: string) => digits(ten).slice(0, 1) + digits(unit))
    .split(' ')
    .map(digits)
    .join(' ')
    .replaceAll(/\b(double|triple) (\w)\b/g, (_pair, times: string, sign: string) =>
      sign.repeat(times === 'double' ? 2 : 3),
    )
    .replaceAll(' ', '');
}

/** The words of a text in small letters and without accents; everything but letters and digits parts them. */
export function spokenWords(text: string): string[] {
  return (
    text
      .normalize('NFKD')
      .replaceAll(/\p{M}|['’]/gu, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

function digits(word: string): string {
  return String(numbers.get(word) ?? word);
}
