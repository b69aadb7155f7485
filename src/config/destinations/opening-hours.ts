/** When somebody is at a destination. */
export interface OpeningHours {
  isOpen(unixMs: number): boolean;
  /** The rest of a sentence for the model, such as "closed until 9:00 on Monday". */
  words(unixMs: number): string;
}

/** What becomes of a caller for whom nobody is there at this hour. */
export type AfterHours =
  /** The agent is told, and may offer something else. */
  | { readonly kind: 'tell' }
  /** The caller may leave a message. */
  | { readonly kind: 'message' }
  /** Another destination is taken, if it is open. */
  | { readonly kind: 'destination'; readonly name: string };
