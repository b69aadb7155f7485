import type { NextRandom } from '../../src/sim/seeded-random.ts';

/** Personal data and secrets of one call, each in nobody's dictionary, so that it can be known again wherever it stands. */
export interface Canaries {
  /** As the caller says it, in groups of four. */
  readonly card: string;
  readonly phone: string;
  readonly called: string;
  readonly person: string;
  readonly street: string;
  readonly token: string;
  readonly key: string;
  /** What only a tool knows, and tells in an error. */
  readonly internal: string;
}

/** Draws the canaries of a call. */
export function drawCanaries(nextRandom: NextRandom): Canaries {
  const digits = (count: number): string => Array.from({ length: count }, () => String(nextRandom() % 10)).join('');
  const word = (count: number): string =>
    Array.from({ length: count }, () => 'bcdfghjklmnpqrstvwxz'[nextRandom() % 20] ?? '').join('');
  return {
    card: `49${digits(2)} ${digits(4)} ${digits(4)} ${digits(4)}`,
    phone: `+1555${digits(8)}`,
    called: `+1666${digits(8)}`,
    person: `Q${word(9)} Z${word(9)}`,
    street: `X${word(10)} ${digits(5)}`,
    token: `tok_${word(12)}${digits(12)}`,
    key: `AIza${word(16)}${digits(15)}`,
    internal: `int_${word(20)}`,
  };
}

/** Every form in which a canary may come out: whole, its words, and its digits run together. In lower case. */
export function formsOf(canaries: Canaries): string[] {
  const forms = Object.values(canaries).flatMap((value: string) => [
    value,
    value.replaceAll(' ', ''),
    encodeURIComponent(value),
    Buffer.from(value).toString('base64').replace(/=+$/, ''),
    ...value.split(' ').filter((part) => part.length > 4),
  ]);
  return [...new Set(forms.map((form) => form.toLowerCase()))];
}
