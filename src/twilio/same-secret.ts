import { timingSafeEqual } from 'node:crypto';

/** Whether a text is the secret that was expected. How long the comparison takes tells nothing but the length. */
export function isSameSecret(given: string, expected: string): boolean {
  // The lengths are compared in bytes: texts of the same length may differ in them, and the comparison would throw.
  const [one, other] = [Buffer.from(given), Buffer.from(expected)];
  return one.length === other.length && timingSafeEqual(one, other);
}
