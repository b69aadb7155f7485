/** One thing that was said in a conversation, as the model remembers it. */
export interface HistoryEntry {
  /** The number of the session it was said in. */
  readonly session: number;
  readonly atMs: number;
  /** The caller and the model speak, the client writes. */
  readonly by: 'caller' | 'model' | 'client';
  readonly text: string;
}

/** Entries kept: a call of an hour with a turn every ten seconds has fewer. */
const entriesMax = 1_000;

/** What was said in a session, and in those that it continues. Of an interrupted turn it keeps what was sent (GM-TURN-2). */
export class History {
  readonly #session: number;
  readonly #entries: HistoryEntry[];

  constructor(session: number, carried: readonly HistoryEntry[]) {
    this.#session = session;
    this.#entries = [...carried];
  }

  add(by: HistoryEntry['by'], text: string, atMs: number): void {
    if (text === '') return;
    this.#entries.push({ session: this.#session, atMs, by, text });
    if (this.#entries.length > entriesMax) this.#entries.shift();
  }

  all(): readonly HistoryEntry[] {
    return [...this.#entries];
  }
}
