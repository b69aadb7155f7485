import type { Voice } from '../caller/handset.ts';
import type { DialCourse } from './verbs/dialling.ts';
import type { Gathering } from './verbs/gathering.ts';
import { frameMs } from './stream/media-stream.ts';
import type { CallRecording } from './verbs/call-recording.ts';
import type { StreamLeg } from './stream/stream-leg.ts';
import type { ConnectVerb, DialVerb } from './twiml/twiml.ts';
import type { Whisper } from './verbs/whisper.ts';

/** What a call is doing at Twilio: exactly one of these at any time. Times are on the clock of the call. */
export type Activity =
  /** Runs no verb: a document is awaited. */
  | { readonly type: 'betweenVerbs' }
  /** Speaks, plays or pauses. */
  | { readonly type: 'prompting'; readonly untilMs: number; readonly isVoice: boolean }
  | { readonly type: 'gathering'; readonly gathering: Gathering }
  | { readonly type: 'recording'; readonly recording: CallRecording }
  | { readonly type: 'streaming'; readonly verb: ConnectVerb; readonly leg: StreamLeg }
  | {
      readonly type: 'dialling';
      readonly verb: DialVerb;
      readonly course: DialCourse;
      readonly startedAtMs: number;
      /** The call at the other end, if it was named before. */
      readonly childSid?: string;
    }
  /** Somebody is being called who is asked first whether to take the call: rings until `answersAtMs`, then a document runs there. */
  | {
      readonly type: 'whispering';
      readonly verb: DialVerb;
      /** As it goes once the two are connected. */
      readonly course: DialCourse;
      readonly whisper: Whisper;
      readonly startedAtMs: number;
      /** Infinity once somebody has answered. */
      readonly answersAtMs: number;
    }
  /** In a conference that others join and leave (TW-CONF-1). */
  | { readonly type: 'conferring'; readonly verb: DialVerb; readonly untilMs: number }
  | { readonly type: 'ended' };

/** When the activity ends by itself; null while it waits for somebody else. */
export function activityEndsAtMs(activity: Activity): number | null {
  switch (activity.type) {
    case 'prompting':
      return activity.untilMs;
    case 'gathering':
      return activity.gathering.untilMs;
    case 'recording':
      return activity.recording.untilMs;
    case 'conferring':
      return activity.untilMs;
    case 'streaming':
      return activity.leg.handshakeEndsAtMs();
    case 'whispering':
      return Math.min(activity.answersAtMs, activity.whisper.untilMs);
    case 'dialling':
      return activity.startedAtMs + activity.course.endsAtMs;
    default:
      return null;
  }
}

/** Whose voice the caller hears in the 20 ms that end at `atMs`: that of our stream, of Twilio's own prompts, or none. */
export function voiceAt(activity: Activity, atMs: number): Voice | null {
  if (activity.type === 'streaming')
    return activity.leg.stream?.isVoiced(atMs - frameMs, atMs) === true ? 'agent' : null;
  const isPrompt =
    (activity.type === 'prompting' && activity.isVoice) ||
    (activity.type === 'gathering' && activity.gathering.isPromptingAt(atMs));
  return isPrompt ? 'network' : null;
}
