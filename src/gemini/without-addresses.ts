import { shortText } from '../encoding/short-text.ts';

/** A close reason is at most 123 bytes, and the error of a failed connection one sentence. */
const charsMax = 400;

/** A text of a remote that may be kept. An address in it may hold the key (GM-SDK-4), so addresses are left out; a long text is cut. */
export function withoutAddresses(text: string): string {
  return shortText(text.replaceAll(/\b(?:wss?|https?):\S+/gi, '[address]'), charsMax);
}
