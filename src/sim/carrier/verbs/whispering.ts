import type { NextRandom } from '../../seeded-random.ts';
import type { Activity } from '../activity.ts';
import { noted } from '../carrier-events.ts';
import { dialled, missed, type VerbOutcome } from '../verb-outcome.ts';
import type { DocumentArrival, DocumentRequest } from '../webhooks/call-webhooks.ts';
import type { WhisperStep } from './whisper.ts';

// What becomes of a call while somebody is asked at the other end whether to take it (TW-TWIML-7).

type Whispering = Extract<Activity, { type: 'whispering' }>;

/** What comes of something that happens at the other end. */
export interface Whispered {
  /** What the call is doing then. */
  readonly activity: Activity;
  readonly effects: WhisperStep['effects'];
  /** The document that the other end asks for; null for none. */
  readonly request: DocumentRequest | null;
  /** What the verb leaves behind if the other end is gone; null while it is there. */
  readonly over: VerbOutcome | null;
}

/** Whoever is called answers, or has something to do. */
export function whisperDue(activity: Whispering, nextRandom: NextRandom, atMs: number): Whispered {
  const { whisper, answersAtMs } = activity;
  if (atMs < answersAtMs) return stepped(activity, whisper.advance(atMs), nextRandom, atMs);
  return stepped({ ...activity, answersAtMs: Infinity }, whisper.begin(), nextRandom, atMs);
}

/** A document for the other end has come, or none: without one the leg is given up, which Twilio does not document. */
export function whispered(
  activity: Whispering,
  arrival: DocumentArrival,
  nextRandom: NextRandom,
  atMs: number,
): Whispered {
  const step: WhisperStep =
    arrival.type === 'applicationError'
      ? { effects: [], next: { type: 'over' } }
      : activity.whisper.take(arrival.verbs, arrival.url, atMs);
  return stepped(activity, step, nextRandom, atMs);
}

function stepped(
  activity: Whispering,
  { effects, next }: WhisperStep,
  nextRandom: NextRandom,
  atMs: number,
): Whispered {
  const waiting = { activity, effects, request: null, over: null };
  switch (next.type) {
    case 'waits':
      return waiting;
    case 'requests':
      return { ...waiting, request: next.request };
    case 'bridged':
      return {
        ...waiting,
        activity: connected(activity, atMs),
        effects: [...effects, noted({ atMs, kind: 'dial.bridged', to: activity.verb.to })],
      };
    case 'over': {
      // Gone without having taken the call. Twilio counts it as answered.
      const { verb, whisper } = activity;
      return { ...waiting, over: dialled({ verb, course: missed, childSid: whisper.childSid }, nextRandom, atMs) };
    }
  }
}

/** The two are connected, and talk as long as they would have without the question. */
function connected({ verb, course, whisper, startedAtMs }: Whispering, atMs: number): Activity {
  const talkMs = course.endsAtMs - (course.bridgedAtMs ?? course.endsAtMs);
  const bridgedAtMs = atMs - startedAtMs;
  return {
    type: 'dialling',
    verb,
    course: { ...course, bridgedAtMs, endsAtMs: bridgedAtMs + talkMs },
    startedAtMs,
    childSid: whisper.childSid,
  };
}
