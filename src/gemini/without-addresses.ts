import { shortText } from '../encoding/short-text.ts';

/** A close reason is at most 123 bytes, and the error of a failed connection one sentence. */
const charsMax = 400;

/**
 * A text of a remote that may be kept. An address in it may hold the key (GM-SDK-4), so addresses are left out, and so is what looks like a
 * key or a person's number by itself: names of models, codes and ports do not. A long text is cut.
 */
export function withoutAddresses(text: string): string {
  return shortText(text.replaceAll(/\b(?:wss?|https?):\S+/gi, '[address]'), charsMax)
    .replaceAll(/[\w-]*\d(?:[ -]?\d){6,}[\w-]*/g, '[number]')
    .replaceAll(/(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{16,}/g, '[key]');
}
