import type { Clock } from '../system/clock.ts';
import type { CallHost } from './call-host.ts';
import type { AdmissionControl } from './incoming/admission-control.ts';

/** How long an ended call is remembered, for webhooks that are late or delivered twice. */
const endedMsMax = 60_000;

/** Calls of which something is remembered when they are over. A call costs some 100 bytes. */
const rememberedMax = 10_000;

/** How a caller reaches the agent: by telephone, or from the page that is a telephone. */
export type CallSource = 'phone' | 'browser';

/** Why no new call is taken: the process is about to end, all places are taken, or it is late with the calls that it has. */
export type NoRoom = 'draining' | 'full' | 'overloaded';

/** The calls that live in this process. */
export class CallRegistry {
  readonly #clock: Clock;
  readonly #callsMax: () => number;
  readonly #admission: AdmissionControl;
  readonly #hosts = new Map<string, CallHost>();
  readonly #live = new Set<CallHost>();
  /** CallSids of new calls that have a place and are not answered yet. */
  readonly #ringing = new Set<string>();
  /** CallSids of calls that ended here, the oldest first. */
  readonly #over = new Set<string>();
  /** Calls that were released, and about which Twilio has not asked yet. */
  readonly #unasked = new Set<string>();
  /** CallSids of calls from the browser, the oldest first. */
  readonly #fromBrowser = new Set<string>();
  #state: 'open' | 'draining' | 'releasing' = 'open';
  readonly #turnedAway = { full: 0, draining: 0, overloaded: 0 };
  #sentOn = 0;

  /** `callsMax`: how many calls there may be at this moment. */
  constructor(clock: Clock, callsMax: () => number, admission: AdmissionControl) {
    this.#clock = clock;
    this.#callsMax = callsMax;
    this.#admission = admission;
  }

  /**
   * How many calls need this process. A call that a person or the voicemail has taken does not: any process can answer its last webhook.
   */
  get liveCount(): number {
    let count = 0;
    for (const host of this.#live) if (!host.isHandedOver) count += 1;
    return count;
  }

  /** The calls that have not ended, including those that are handed over. */
  get live(): readonly CallHost[] {
    return [...this.#live];
  }

  get isDraining(): boolean {
    return this.#state !== 'open';
  }

  /** Whether this process leaves its calls to the next one. It takes none over then. */
  get isReleasing(): boolean {
    return this.#state === 'releasing';
  }

  /** Why a new call cannot be taken; null when it can. */
  get noRoom(): NoRoom | null {
    return this.isDraining ? 'draining' : this.noPlace;
  }

  /** Why there is no place for another call, whether or not one would be taken; null when there is one. */
  get noPlace(): Exclude<NoRoom, 'draining'> | null {
    if (this.taken >= this.callsMax) return 'full';
    return this.#admission.refuses(this.taken) ? 'overloaded' : null;
  }

  /** How many places are taken, by calls that need this process and by new ones that ring. */
  get taken(): number {
    return this.liveCount + this.#ringing.size;
  }

  /** How late the process is, in ms, as far as that decides whether calls are taken. */
  get delayMs(): number {
    return this.#admission.delayMs;
  }

  /** Keeps a place for a call that rings, until it is answered or its caller is gone. */
  ring(callSid: string): void {
    this.#ringing.add(callSid);
  }

  isRinging(callSid: string): boolean {
    return this.#ringing.has(callSid);
  }

  /** The call is about to be answered, and takes its place. */
  stopRinging(callSid: string): void {
    this.#ringing.delete(callSid);
  }

  /** The caller hung up before the call was answered. */
  missed(callSid: string): void {
    this.#ringing.delete(callSid);
    rememberIn(this.#over, callSid);
  }

  /** How many calls there may be at the same time. */
  get callsMax(): number {
    return this.#callsMax();
  }

  /** How many callers found no room since the start, by the reason. */
  get turnedAway(): Readonly<Record<NoRoom, number>> {
    return { ...this.#turnedAway };
  }

  /** A caller found no room. */
  turnAway(why: NoRoom): void {
    this.#turnedAway[why] += 1;
  }

  /** How many new calls were sent on to other processes since the start. */
  get callsSentOn(): number {
    return this.#sentOn;
  }

  /** A new call was sent on to another process. */
  sentOn(): void {
    this.#sentOn += 1;
  }

  /** Whether Twilio has asked about every call that was released. */
  get isAskedAboutAll(): boolean {
    return this.#unasked.size === 0;
  }

  /** The host of a call, or null. A host that is fenced or released does not count. */
  find(callSid: string): CallHost | null {
    const host = this.#hosts.get(callSid);
    return host === undefined || host.isFenced || host.isReleased ? null : host;
  }

  /** Whether a call ended here. It never comes again: a CallSid is used once. */
  isOver(callSid: string): boolean {
    return this.#over.has(callSid);
  }

  /** Whether the next process is to go on with the call. */
  isReleased(callSid: string): boolean {
    return this.#hosts.get(callSid)?.isReleased === true;
  }

  /** Twilio has asked about a call that was released, if it was. */
  asked(callSid: string): void {
    this.#unasked.delete(callSid);
  }

  add(host: CallHost): void {
    // A process that has released a call takes it over again when it hears that the caller has hung up.
    this.#unasked.delete(host.callSid);
    this.#hosts.set(host.callSid, host);
    this.#live.add(host);
  }

  /** The call needs this process no more. Late webhooks still find it for a while. */
  ended(host: CallHost): void {
    this.#live.delete(host);
    if (!host.isFenced && !host.isReleased) rememberIn(this.#over, host.callSid);
    this.#clock.lazily(endedMsMax, () => {
      if (this.#hosts.get(host.callSid) === host) this.#hosts.delete(host.callSid);
    });
  }

  /** A call with this CallSid comes from the browser. It is said before the call comes. */
  expectFromBrowser(callSid: string): void {
    rememberIn(this.#fromBrowser, callSid);
  }

  sourceOf(callSid: string): CallSource {
    return this.#fromBrowser.has(callSid) ? 'browser' : 'phone';
  }

  /** From here on, no new calls are taken. */
  beginDrain(): void {
    this.#state = 'draining';
  }

  /** From here on, calls are left to the next process: those of this process, and those that it would have to take over. */
  beginRelease(): void {
    this.#state = 'releasing';
  }

  /** These calls are being released, and Twilio will ask about them. */
  awaitQuestions(hosts: readonly CallHost[]): void {
    for (const { callSid } of hosts) this.#unasked.add(callSid);
  }
}

/** The oldest is forgotten when there are too many. */
function rememberIn(callSids: Set<string>, callSid: string): void {
  callSids.add(callSid);
  const [oldest] = callSids;
  if (callSids.size > rememberedMax && oldest !== undefined) callSids.delete(oldest);
}
