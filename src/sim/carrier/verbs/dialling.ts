import type { DialStatus, FormFields } from '../carrier-events.ts';
import type { TwilioCode } from '../twilio-codes.ts';
import type { DialVerb } from '../twiml/twiml.ts';

/** What becomes of a dialled destination. */
type DialOutcome =
  /**
   * A person answers after `ringMs`, is bridged, and hangs up after `talkMs`. Asked to press a key, presses `presses` (`1` unless set, null for
   * none) `pressesAfterMs` after the answer (1 s unless set), and hangs up after `staysMs`, if nothing else has ended it by then.
   */
  | {
      readonly type: 'answered';
      readonly ringMs: number;
      readonly talkMs: number;
      readonly presses?: string | null | undefined;
      readonly pressesAfterMs?: number | undefined;
      readonly staysMs?: number | undefined;
    }
  /** A machine answers after `ringMs`, and talks and records for `talkMs`. It presses nothing. */
  | { readonly type: 'machine'; readonly ringMs: number; readonly talkMs: number }
  | { readonly type: 'busy'; readonly afterMs: number }
  | { readonly type: 'failed'; readonly afterMs: number }
  /** Rings until `<Dial timeout>` is over, or only for `afterMs`. */
  | { readonly type: 'no-answer'; readonly afterMs?: number };

/**
 * Outcomes by E.164 number or SIP address; one without an outcome fails. The key `conference` makes every conference a stand-in that
 * comes out so; without it a conference is a real one, which others join (TW-CONF-1).
 */
export type DialOutcomes = Readonly<Record<string, DialOutcome>>;

/** The course of one `<Dial>`, decided when it starts. Times are ms from its start; `bridgedAtMs` is null if nobody answered. */
export interface DialCourse {
  readonly status: DialStatus;
  readonly bridgedAtMs: number | null;
  readonly endsAtMs: number;
  readonly problem?: { readonly code: TwilioCode; readonly detail: string };
}

/** A telephone number as Twilio takes it. */
export const e164 = /^\+[1-9]\d{6,14}$/;
const tones = /^[0-9*#wW]*$/;

/** What `<Dial>` will do (TW-TWIML-3). `ownedNumbers` may be shown as caller ID besides the two parties of the call. */
export function dialCourse(
  verb: DialVerb,
  call: { readonly from: string; readonly to: string },
  outcomes: DialOutcomes,
  ownedNumbers: readonly string[],
): DialCourse {
  const callerId = verb.callerId ?? call.from;
  if (![call.from, call.to, ...ownedNumbers].includes(callerId)) return refused(13214, callerId);
  if (verb.noun === 'number' && !e164.test(verb.to)) return refused(13223, verb.to);
  if (!tones.test(verb.sendDigits)) return refused(13222, verb.sendDigits);
  const outcome = outcomes[verb.noun === 'conference' ? 'conference' : verb.to];
  const course = courseOf(outcome, verb.timeoutMs, verb.timeLimitMs);
  return verb.noun === 'conference' && course.bridgedAtMs !== null ? { ...course, status: 'answered' } : course;
}

/** What becomes of a leg that rings `timeoutMs` at most and talks `timeLimitMs` at most. Without an outcome it fails. */
export function courseOf(outcome: DialOutcome | undefined, timeoutMs: number, timeLimitMs: number): DialCourse {
  if (outcome === undefined) return unanswered('failed', 0);
  if (outcome.type === 'no-answer') return unanswered('no-answer', outcome.afterMs ?? timeoutMs);
  if (outcome.type !== 'answered' && outcome.type !== 'machine') return unanswered(outcome.type, outcome.afterMs);
  if (outcome.ringMs > timeoutMs) return unanswered('no-answer', timeoutMs);
  return {
    status: 'completed',
    bridgedAtMs: outcome.ringMs,
    endsAtMs: outcome.ringMs + Math.min(outcome.talkMs, timeLimitMs),
  };
}

/** What whoever has answered does when asked to press a key. */
export interface DialAnswer {
  readonly presses: string | null;
  readonly pressesAfterMs: number;
  readonly staysMs: number;
}

/** Null where nobody answers. */
export function answerOf(outcome: DialOutcome | undefined): DialAnswer | null {
  if (outcome?.type === 'machine') return { presses: null, pressesAfterMs: 0, staysMs: outcome.talkMs };
  if (outcome?.type !== 'answered') return null;
  const { presses = '1', pressesAfterMs = 1_000, staysMs = Infinity } = outcome;
  return { presses, pressesAfterMs, staysMs };
}

/** The course of a `<Dial>` that ends after `atMs`, because the caller has hung up. */
export function cutShort(course: DialCourse, atMs: number): DialCourse {
  const isBridged = course.bridgedAtMs !== null && course.bridgedAtMs <= atMs;
  return isBridged ? { ...course, endsAtMs: atMs } : unanswered('no-answer', atMs);
}

/** The fields of the `<Dial action>` request; a conference has neither a child call nor a duration (TW-TWIML-3). */
export function dialForm(verb: DialVerb, course: DialCourse, childSid: string): FormFields {
  const outcome = { DialCallStatus: course.status, DialBridged: String(course.bridgedAtMs !== null) };
  if (verb.noun === 'conference') return outcome;
  const talkMs = course.bridgedAtMs === null ? 0 : course.endsAtMs - course.bridgedAtMs;
  return { ...outcome, DialCallSid: childSid, DialCallDuration: String(Math.round(talkMs / 1000)) };
}

function unanswered(status: DialStatus, endsAtMs: number): DialCourse {
  return { status, bridgedAtMs: null, endsAtMs };
}

function refused(code: TwilioCode, detail: string): DialCourse {
  return { ...unanswered('failed', 0), problem: { code, detail } };
}
