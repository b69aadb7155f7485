/** Which worker has which call, for webhooks whose address does not say it. A call costs some 100 bytes. */
export class CallOwners {
  readonly #callsMax: number;
  /** By CallSid, the one that was noted longest ago first. */
  readonly #workers = new Map<string, number>();

  constructor(callsMax: number) {
    this.#callsMax = callsMax;
  }

  note(callSid: string, worker: number): void {
    this.#workers.delete(callSid);
    this.#workers.set(callSid, worker);
    const [oldest] = this.#workers.keys();
    if (this.#workers.size > this.#callsMax && oldest !== undefined) this.#workers.delete(oldest);
  }

  /** Null for a call that is new, or was forgotten. */
  of(callSid: string): number | null {
    return this.#workers.get(callSid) ?? null;
  }
}
