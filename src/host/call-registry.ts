import { setTimeout as delay } from 'node:timers/promises';
import type { CallHost } from './call-host.ts';

/** How long an ended call is remembered, for webhooks that are late or delivered twice. */
const endedMsMax = 60_000;

/** How often a drain looks whether calls are left. */
const drainLookMs = 100;

/** How long calls get to reach their fallback, or the end that they are coming to, once a drain has run out of time. */
const farewellMsMax = 10_000;

/** How long Twilio gets to ask about the calls that were released. It asks within a second (TW-CLOSE-1), or asks another process. */
const askedMsMax = 1_500;

/** The calls that live in this process. */
export class CallRegistry {
  readonly #hosts = new Map<string, CallHost>();
  readonly #live = new Set<CallHost>();
  /** Calls that were released, and about which Twilio has not asked yet. */
  readonly #unasked = new Set<string>();
  readonly #callsMax: number;
  #isDraining = false;
  #isReleasing = false;

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

  /** The host of a call. One whose call another process has, or is to get, is none any more. */
  find(callSid: string): CallHost | null {
    const host = this.#hosts.get(callSid);
    return host === undefined || host.isFenced || host.isReleased ? null : host;
  }

  /** Whether this process leaves its calls to the next one, and takes over none any more. */
  get isReleasing(): boolean {
    return this.#isReleasing;
  }

  /** Whether the next process is to go on with the call. */
  isReleased(callSid: string): boolean {
    return this.#hosts.get(callSid)?.isReleased === true;
  }

  /** Twilio has asked about a call: nothing more is waited for. */
  asked(callSid: string): void {
    this.#unasked.delete(callSid);
  }

  add(host: CallHost): void {
    // A call that was released is taken back when its caller has hung up.
    this.#unasked.delete(host.callSid);
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
   * Takes no new calls and waits until the live ones have ended. After `msMax` the rest is left to the next process, if there is
   * a way to it by then, and otherwise sent to its fallback. Resolves to how many calls were still there at the very end.
   */
  async drain(msMax: number, canRelease: () => boolean): Promise<number> {
    this.#isDraining = true;
    await waitUntil(() => this.liveCount === 0, msMax);
    if (this.liveCount > 0 && canRelease()) await this.#release();
    else if (this.liveCount > 0) {
      for (const host of this.#live) host.tell({ type: 'service.drained' });
      await waitUntil(() => this.liveCount === 0, farewellMsMax);
    }
    return this.liveCount;
  }

  /** Calls that are leaving go first, so that the process can go as soon as Twilio has asked about the others. */
  async #release(): Promise<void> {
    this.#isReleasing = true;
    await waitUntil(() => ![...this.#live].some((host) => host.isLeaving && !host.isHandedOver), farewellMsMax);
    const released = [...this.#live].filter((host) => !host.isLeaving);
    for (const { callSid } of released) this.#unasked.add(callSid);
    await Promise.all(released.map((host) => host.release()));
    await waitUntil(() => this.#unasked.size === 0, askedMsMax);
  }
}

async function waitUntil(isSo: () => boolean, msMax: number): Promise<void> {
  const untilMs = performance.now() + msMax;
  while (!isSo() && performance.now() < untilMs) await delay(drainLookMs);
}
