/** A text of a remote for the log. An address in it may hold the key (GM-SDK-4), so addresses are left out. */
export function withoutAddresses(text: string): string {
  return text.replaceAll(/\b(?:wss?|https?):\S+/g, '[address]');
}
