/**
 * A text of a remote for the log. An address in it may hold the key (GM-SDK-4), so addresses are left out, and so is whatever looks like a key
 * or the number of a person by itself: names of models, codes and ports do not.
 */
export function withoutAddresses(text: string): string {
  return text
    .replaceAll(/\b(?:wss?|https?):\S+/gi, '[address]')
    .replaceAll(/[\w-]*\d(?:[ -]?\d){6,}[\w-]*/g, '[number]')
    .replaceAll(/(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{16,}/g, '[key]');
}
