import { isJsonObject } from './json.ts';

/**
 * An object of JSON in which no text holds half of a sign, as one that was cut in its middle does: readers of JSON may do with it whatever they
 * like, and refuse all of it (RFC 8259, 8.2). Each half becomes U+FFFD.
 */
export function wellFormedMembers(object: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(object).map(([name, member]) => [name.toWellFormed(), wellFormed(member)]));
}

function wellFormed(value: unknown): unknown {
  if (typeof value === 'string') return value.toWellFormed();
  if (Array.isArray(value)) return value.map(wellFormed);
  // What says itself how it is written, such as a date, has no members of its own.
  return isJsonObject(value) && !('toJSON' in value) ? wellFormedMembers(value) : value;
}
