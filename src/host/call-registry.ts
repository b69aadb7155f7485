import type { Clock } from '../system/clock.ts';
import type { CallHost } from './call-host.ts';

/** How long an ended call is remembered, for webhooks that are late or delivered twice. */
const endedMsMax = 60_000;

/** The calls that live in this process. */
export class CallRegistry {
  readonly #clock: Clock;
  readonly #callsMax: number;
  readonly #hosts = new Map<string, CallHost>();
  readonly #live = new Set<CallHost>();
  /** Calls that were released, and about which Twilio has not asked yet. */
  readonly #unasked = new Set<string>();
  #state: 'open' | 'draining' | 'releasing' = 'open';

  constructor(clock: Clock, callsMax: number) {
    this.#clock = clock;
    this.#callsMax = callsMax;
  }

  /** Calls that need this process. One that was handed over to a human does not: whoever answers its last webhook hangs up. */
  get liveCount(): number {
    let count = 0;
    for (const host of this.#live) if (!host.isHandedOver) count += 1;
    return count;
  }

  /** The calls that have not ended, also those that were handed over. */
  get live(): readonly CallHost[] {
    return [...this.#live];
  }

  get isDraining(): boolean {
    return this.#state !== 'open';
  }

  /** Whether this process leaves its calls to the next one, and takes over none any more. */
  get isReleasing(): boolean {
    return this.#state === 'releasing';
  }

  /** Whether a new call can be taken. */
  get hasRoom(): boolean {
    return !this.isDraining && this.liveCount < this.#callsMax;
  }

  /** Whether Twilio has asked about every call that was released. */
  get isAskedAboutAll(): boolean {
    return this.#unasked.size === 0;
  }

  /** The host of a call. One whose call another process has, or is to get, is none any more. */
  find(callSid: string): CallHost | null {
    const host = this.#hosts.get(callSid);
    return host === undefined || host.isFenced || host.isReleased ? null : host;
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
    this.#clock.lazily(endedMsMax, () => {
      if (this.#hosts.get(host.callSid) === host) this.#hosts.delete(host.callSid);
    });
  }

  /** Takes no new calls any more. */
  beginDrain(): void {
    this.#state = 'draining';
  }

  /** Leaves its calls to the next process: those named here, and whatever is asked about that it does not know. */
  beginRelease(): void {
    this.#state = 'releasing';
  }

  /** Twilio will ask about these calls, which were released. */
  awaitQuestions(hosts: readonly CallHost[]): void {
    for (const { callSid } of hosts) this.#unasked.add(callSid);
  }
}
