import { isForeignMember, isOwnText } from './blank.ts';
import { isObject } from '../event-fields.ts';
import type { RecordedCall } from '../read-log.ts';

/** Shorter words and numbers are in every text, so their presence proves nothing. */
const knownCharsMin = 4;

/** Sound of so few values is a tone or silence: there is no voice in it. */
const toneValuesMax = 8;

/** A place in a scrubbed log where something of the original is left. */
export interface Leak {
  /** Line in the scrubbed log, from 1. */
  readonly line: number;
  /** What is left, as it stands in the original, in lower case. */
  readonly value: string;
}

/**
 * The values of a log that must not be left in a scrubbed one, in lower case: every word, number and id that a person, a remote or the
 * settings brought in, except the `kept` ones.
 */
export function knownValues({ header, steps }: RecordedCall, kept: ReadonlySet<string>): readonly string[] {
  const values = new Set<string>();
  const takeText = (text: string): void => {
    if (isOwnText(text) || kept.has(text)) return;
    for (const pattern of valuePatterns) {
      for (const [value] of text.toLowerCase().matchAll(pattern)) if (value.length >= knownCharsMin) values.add(value);
    }
  };
  const take = (value: unknown, isForeign: boolean): void => {
    if (typeof value === 'string') takeText(value);
    else if (typeof value === 'number' && isForeign) takeText(String(value));
    else if (Array.isArray(value)) for (const item of value) take(item, isForeign);
    else if (isObject(value) && !(value instanceof Uint8Array)) {
      for (const [key, member] of Object.entries(value)) {
        if (isForeign) takeText(key);
        take(member, isForeign || isForeignMember(key));
      }
    }
  };
  take([header.callSid, header.settings], false);
  for (const { event, effects } of steps) {
    take(event, false);
    // Fragments of a transcript may cut a word in two; the whole line does not.
    for (const effect of effects) if (effect.type === 'transcript.add') take(effect.text, false);
  }
  return [...values];
}

/** Words, numbers, and ids or codes that are made of both. */
const valuePatterns = [/[\p{L}\p{M}]+/gu, /\p{N}+/gu, /[\p{L}\p{M}\p{N}]+/gu];

/**
 * Looks for known values in the lines of a scrubbed log. The program's own words may be among them, since a caller can say "stream" or
 * "call": so each line is compared with a line that was made in the same way of a call without any words, and what stands in both is the
 * program's.
 */
export function leakedValues(known: readonly string[], lines: readonly string[], twins: readonly string[]): Leak[] {
  return lines.flatMap((line, index) => {
    const twin = twins[index] ?? '';
    if (line === twin) return [];
    const [text, twinText] = [line.toLowerCase(), twin.toLowerCase()];
    return known
      .filter((value) => count(text, value) > count(twinText, value))
      .map((value) => ({ line: index + 1, value }));
  });
}

/** Whether the sound of an original stands in for itself. */
export function isSoundLeft(original: Uint8Array, standIn: Uint8Array): boolean {
  return (
    new Set(original).size > toneValuesMax &&
    original.length === standIn.length &&
    original.every((byte, index) => byte === standIn[index])
  );
}

function count(text: string, value: string): number {
  let found = 0;
  for (let at = text.indexOf(value); at !== -1; at = text.indexOf(value, at + 1)) found += 1;
  return found;
}
