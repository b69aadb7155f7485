import type { Activity } from './activity.ts';
import type { DocumentRequest } from './webhooks/call-webhooks.ts';
import type { CarrierEffect, FormFields, WebhookPurpose } from './carrier-events.ts';
import { noted } from './carrier-events.ts';
import type { CallIdentity, CarrierCallSettings } from './carrier-settings.ts';
import type { DialCourse } from './verbs/dialling.ts';
import { cutShort, dialForm } from './verbs/dialling.ts';
import { gatherForm } from './verbs/gathering.ts';
import type { NextRandom } from '../seeded-random.ts';
import { randomSid } from '../seeded-random.ts';
import { recordForm } from './verbs/call-recording.ts';
import type { ConnectVerb, DialVerb } from './twiml/twiml.ts';

/** What a verb leaves behind: notes, and the document that the call goes on with; null for the next verb. */
export interface VerbOutcome {
  readonly effects: readonly CarrierEffect[];
  readonly request: DocumentRequest | null;
}

type Gathered = Extract<Activity, { type: 'gathering' }>;
type Recorded = Extract<Activity, { type: 'recording' }>;
type Dialled = Extract<Activity, { type: 'dialling' }>;
type Conferred = Extract<Activity, { type: 'conferring' }>;

/**
 * What a verb leaves behind whose time is over; null for a stream, which is over when its socket is, and where no verb runs. `speech`: what
 * the recogniser has understood.
 */
export function outcomeOf(
  activity: Activity,
  { call, nextRandom }: Pick<CarrierCallSettings, 'call' | 'nextRandom'>,
  speech: string,
  atMs: number,
): VerbOutcome | null {
  switch (activity.type) {
    case 'prompting':
      return { effects: [], request: null };
    case 'gathering':
      return gathered(activity, speech, atMs);
    case 'recording':
      return recorded(activity, call, atMs);
    case 'dialling':
      return dialled(activity, nextRandom, atMs);
    case 'conferring': {
      const { effects, request } = conferred(activity, true, nextRandom, atMs);
      return { effects: [{ type: 'conference.leave', why: 'movedOn' }, ...effects], request };
    }
    default:
      return null;
  }
}

/** `<Gather>` is over (TW-TWIML-4). */
function gathered({ gathering }: Gathered, speech: string, atMs: number): VerbOutcome {
  const { verb, digits } = gathering;
  const fields = gatherForm(gathering, speech);
  const note = noted({ atMs, kind: 'verb.gathered', digits, speech: fields?.SpeechResult ?? '' });
  if (fields === null) return { effects: [note], request: null };
  return {
    effects: [note],
    request: { purpose: 'gatherAction', url: verb.action ?? '', method: verb.method, fields },
  };
}

/** `<Record>` is over. Where nobody spoke there is no recording, and the document goes on (TW-TWIML-5). */
function recorded({ recording }: Recorded, call: CallIdentity, atMs: number): VerbOutcome {
  const { verb, recordingSid, durationMs, endedBy } = recording;
  if (recording.isEmpty) return { effects: [], request: null };
  const fields = recordForm(recording, call);
  return {
    effects: [noted({ atMs, kind: 'verb.recorded', recordingSid, durationMs, endedBy })],
    request: { purpose: 'recordAction', url: verb.action ?? '', method: verb.method, fields },
  };
}

/** `<Dial>` is over (TW-TWIML-3). */
export function dialled(
  { verb, course, childSid }: Pick<Dialled, 'verb' | 'course'> & { readonly childSid?: string | undefined },
  nextRandom: NextRandom,
  atMs: number,
): VerbOutcome {
  const bridged = course.bridgedAtMs !== null;
  return {
    effects: [noted({ atMs, kind: 'dial.ended', to: verb.to, status: course.status, bridged })],
    request: actionOf('dialAction', verb, dialForm(verb, course, childSid ?? randomSid('CA', nextRandom))),
  };
}

/** The conference is over for the call (TW-CONF-1). */
export function conferred({ verb }: Conferred, bridged: boolean, nextRandom: NextRandom, atMs: number): VerbOutcome {
  const course: DialCourse = { status: 'answered', bridgedAtMs: bridged ? 0 : null, endsAtMs: 0 };
  return dialled({ verb, course }, nextRandom, atMs);
}

/** Somebody answered, perhaps, and the two were never connected. */
export const missed: DialCourse = { status: 'completed', bridgedAtMs: null, endsAtMs: 0 };

/** The request of an action; null for the next verb. */
export function actionOf(
  purpose: WebhookPurpose,
  { action, method }: ConnectVerb | DialVerb,
  fields: FormFields = {},
): DocumentRequest | null {
  return action === null ? null : { purpose, url: action, method, fields };
}

/**
 * The action that is requested although the caller has hung up; null for none. That of `<Record>` always is, because it brings what was
 * said (TW-TWIML-5); for the others it is not documented, so the settings decide (TW-CLOSE-1).
 */
export function actionAfterHangUp(
  left: Activity,
  { call, nextRandom, actionAfterHangUp: always }: CarrierCallSettings,
  atMs: number,
): DocumentRequest | null {
  if (left.type === 'recording') return recorded(left, call, atMs).request;
  if (!always || !['streaming', 'dialling', 'whispering', 'conferring'].includes(left.type)) return null;
  if (!('verb' in left)) return null;
  if (left.verb.action === null) return null;
  if (left.type === 'streaming') return actionOf('connectAction', left.verb);
  if (left.type === 'whispering')
    return dialled({ ...left, course: missed, childSid: left.whisper.childSid }, nextRandom, atMs).request;
  if (left.type === 'conferring') return conferred(left, true, nextRandom, atMs).request;
  return dialled({ ...left, course: cutShort(left.course, atMs - left.startedAtMs) }, nextRandom, atMs).request;
}
