/** Names for pictures of pages: a page has the same one whenever it is met. Of a call it says which one it is, counted as they are met. */
export class PageNames {
  readonly #calls: string[] = [];

  /** Such as `history` or `call-2`. `path`: with its query and what stands behind `#`. */
  of(path: string): string {
    const numbered = path
      .replace('/#CA', '/opened-call-CA')
      .replaceAll(/CA[0-9a-f]{32}/g, (callSid) => String(this.#numberOf(callSid)));
    return numbered.replaceAll(/[^a-z0-9]+/gi, '-').replaceAll(/^-|-$/g, '') || 'home';
  }

  #numberOf(callSid: string): number {
    if (!this.#calls.includes(callSid)) this.#calls.push(callSid);
    return this.#calls.indexOf(callSid) + 1;
  }
}
