import type { DialStatus, FormFields } from './carrier-events.ts';
import type { CallIdentity } from './carrier-settings.ts';
import type { TwilioCode } from './twilio-codes.ts';
import type { DialVerb } from './twiml.ts';

/** What becomes of a dialled destination. */
type DialOutcome =
  /** Rings for `ringMs`, is bridged, and hangs up after `talkMs`. */
  | { readonly type: 'answered'; readonly ringMs: number; readonly talkMs: number }
  | { readonly type: 'busy'; readonly afterMs: number }
  | { readonly type: 'failed'; readonly afterMs: number }
  /** Rings until `<Dial timeout>` is over, or only for `afterMs`. */
  | { readonly type: 'no-answer'; readonly afterMs?: number };

/** Outcomes by E.164 number; the key `conference` holds for every conference. A number without an outcome fails. */
export type DialOutcomes = Readonly<Record<string, DialOutcome>>;

/** The course of one `<Dial>`, decided when it starts. Times are ms from its start; `bridgedAtMs` is null if nobody answered. */
export interface DialCourse {
  readonly status: DialStatus;
  readonly bridgedAtMs: number | null;
  readonly endsAtMs: number;
  readonly problem?: { readonly code: TwilioCode; readonly detail: string };
}

const e164 = /^\+[1-9]\d{6,14}$/;

/** What `<Dial>` will do (TW-TWIML-3). `ownedNumbers` may be shown as caller ID besides the two parties of the call. */
export function dialCourse(
  verb: DialVerb,
  call: CallIdentity,
  outcomes: DialOutcomes,
  ownedNumbers: readonly string[],
): DialCourse {
  const callerId = verb.callerId ?? call.from;
  if (![call.from, call.to, ...ownedNumbers].includes(callerId)) return refused(13214, callerId);
  if (verb.noun === 'number' && !e164.test(verb.to)) return refused(13223, verb.to);
  const outcome = outcomes[verb.noun === 'conference' ? 'conference' : verb.to] ?? { type: 'failed', afterMs: 0 };
  if (outcome.type === 'no-answer') return unanswered('no-answer', outcome.afterMs ?? verb.timeoutMs);
  if (outcome.type !== 'answered') return unanswered(outcome.type, outcome.afterMs);
  if (outcome.ringMs > verb.timeoutMs) return unanswered('no-answer', verb.timeoutMs);
  return {
    status: verb.noun === 'conference' ? 'answered' : 'completed',
    bridgedAtMs: outcome.ringMs,
    endsAtMs: outcome.ringMs + Math.min(outcome.talkMs, verb.timeLimitMs),
  };
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
