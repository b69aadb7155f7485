/** What a call must know of a tool that it orders to be run. */
export interface ToolTerms {
  /** `read` changes nothing, `write` changes something outside of the call or tells somebody, `call` changes the call itself. */
  readonly effect: 'read' | 'write' | 'call';
  /** How long it may take. */
  readonly timeoutMs: number;
  /** Whether the caller must have been asked about the very same arguments before it is run. */
  readonly confirm: boolean;
}

/** Those of a tool that the settings do not name: the model made it up, and the host refuses it at once. */
export const usualTerms: ToolTerms = { effect: 'read', timeoutMs: 8_000, confirm: false };
