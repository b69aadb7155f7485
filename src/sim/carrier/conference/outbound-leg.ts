import type { CallStatus, FormFields } from '../carrier-events.ts';
import type { DialCourse } from '../verbs/dialling.ts';
import type { Callback, ConferenceSeat } from '../twiml/twiml.ts';
import { twilioDate } from '../twilio-date.ts';

/** Somebody whom the REST API has asked into a conference (TW-CONF-3). */
export interface OutboundOrder {
  readonly callSid: string;
  readonly from: string;
  /** A number or SIP address. */
  readonly to: string;
  readonly timeoutMs: number;
  readonly timeLimitMs: number;
  readonly seat: ConferenceSeat;
  /** Which steps of the call are reported, in the words of `StatusCallbackEvent`. */
  readonly statusCallback: (Callback & { readonly events: ReadonlySet<string> }) | null;
}

/** What `StatusCallbackEvent` calls the steps of a call. */
export type LegStep = 'initiated' | 'ringing' | 'answered' | 'completed';

/** A call that Twilio makes to bring somebody into a conference. Its course is decided when it starts. */
export class OutboundLeg {
  readonly order: OutboundOrder;
  readonly conferenceSid: string;
  readonly course: DialCourse;
  readonly startedAtMs: number;
  #status: CallStatus = 'ringing';
  #answeredAtMs: number | null = null;
  #reports = 0;

  constructor(order: OutboundOrder, conferenceSid: string, course: DialCourse, atMs: number) {
    this.order = order;
    this.conferenceSid = conferenceSid;
    this.course = course;
    this.startedAtMs = atMs;
  }

  get status(): CallStatus {
    return this.#status;
  }

  get isOver(): boolean {
    return this.#status !== 'ringing' && this.#status !== 'in-progress';
  }

  /** When its next step is due: somebody answers, or the leg ends. */
  get dueAtMs(): number {
    const { bridgedAtMs, endsAtMs } = this.course;
    return this.startedAtMs + (this.#status === 'ringing' && bridgedAtMs !== null ? bridgedAtMs : endsAtMs);
  }

  answer(atMs: number): void {
    this.#status = 'in-progress';
    this.#answeredAtMs = atMs;
  }

  /** Ends it as its course says; one that others end is completed, or canceled while it rings. */
  end(endedByOthers: boolean): void {
    if (endedByOthers) this.#status = this.#status === 'ringing' ? 'canceled' : 'completed';
    else this.#status = this.course.status === 'answered' ? 'completed' : this.course.status;
  }

  /** The fields of its status callback (TW-HOOK-5). */
  statusForm(word: LegStep, accountSid: string, atMs: number, zeroUnixMs: number): FormFields {
    const { callSid, from, to } = this.order;
    const durationSeconds = Math.round((this.#answeredAtMs === null ? 0 : atMs - this.#answeredAtMs) / 1000);
    const form = {
      AccountSid: accountSid,
      ApiVersion: '2010-04-01',
      CallSid: callSid,
      CallStatus: word === 'initiated' ? word : this.#status,
      Direction: 'outbound-api',
      From: from,
      Caller: from,
      To: to,
      Called: to,
      CallbackSource: 'call-progress-events',
      SequenceNumber: String(this.#reports),
      Timestamp: twilioDate(zeroUnixMs + atMs),
      ...(this.isOver
        ? { CallDuration: String(durationSeconds), Duration: String(Math.ceil(durationSeconds / 60)) }
        : {}),
    };
    this.#reports += 1;
    return form;
  }
}
