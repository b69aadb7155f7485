/** More than the calls of a day. A call costs some 100 bytes. */
const callsMax = 20_000;

/** Which worker has which call, for webhooks whose address does not say it. */
export class CallOwners {
  /** By CallSid, the one that was asked about longest ago first. */
  readonly #workers = new Map<string, number>();

  note(callSid: string, worker: number): void {
    this.#workers.delete(callSid);
    this.#workers.set(callSid, worker);
    const [oldest] = this.#workers.keys();
    if (this.#workers.size > callsMax && oldest !== undefined) this.#workers.delete(oldest);
  }

  /** Null for a call that is new, or was forgotten. */
  of(callSid: string): number | null {
    return this.#workers.get(callSid) ?? null;
  }
}
