import { setTimeout as delay } from 'node:timers/promises';
import type { CallHost } from './call-host.ts';

/** How long an ended call is remembered, for webhooks that are late or delivered twice. */
const endedMsMax = 60_000;

/** How often a drain looks whether calls are left. */
const drainLookMs = 100;

/** How long calls get to reach their fallback once a drain has run out of time. */
const farewellMsMax = 10_000;

/** The calls that live in this process. */
export class CallRegistry {
  readonly #hosts = new Map<string, CallHost>();
  readonly #live = new Set<CallHost>();
  readonly #callsMax: number;
  #isDraining = false;

  constructor(callsMax: number) {
    this.#callsMax = callsMax;
  }

  /** Calls that need this process. One that was handed over to a human does not: whoever answers its last webhook hangs up. */
  get liveCount(): number {
    let count = 0;
    for (const host of this.#live) if (!host.isHandedOver) count += 1;
    return count;
  }

  get isDraining(): boolean {
    return this.#isDraining;
  }

  /** Whether a new call can be taken. */
  get hasRoom(): boolean {
    return !this.#isDraining && this.liveCount < this.#callsMax;
  }

  /** The host of a call. One whose call another process has is none any more. */
  find(callSid: string): CallHost | null {
    const host = this.#hosts.get(callSid) ?? null;
    return host?.isFenced === true ? null : host;
  }

  add(host: CallHost): void {
    this.#hosts.set(host.callSid, host);
    this.#live.add(host);
  }

  /** The call needs nothing of this process any more; late webhooks still find it for a while. */
  ended(host: CallHost): void {
    this.#live.delete(host);
    setTimeout(() => {
      if (this.#hosts.get(host.callSid) === host) this.#hosts.delete(host.callSid);
    }, endedMsMax).unref();
  }

  /**
   * Takes no new calls and waits until the live ones have ended. After `msMax` the rest is sent to its fallback. Resolves to how many
   * calls were still there at the very end.
   */
  async drain(msMax: number): Promise<number> {
    this.#isDraining = true;
    await this.#waitUntilEmpty(msMax);
    if (this.liveCount > 0) {
      for (const host of this.#live) host.tell({ type: 'service.drained' });
      await this.#waitUntilEmpty(farewellMsMax);
    }
    return this.liveCount;
  }

  async #waitUntilEmpty(msMax: number): Promise<void> {
    const untilMs = performance.now() + msMax;
    while (this.liveCount > 0 && performance.now() < untilMs) await delay(drainLookMs);
  }
}
