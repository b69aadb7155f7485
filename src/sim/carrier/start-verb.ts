import type { Activity } from './activity.ts';
import type { DocumentRequest } from './webhooks/call-webhooks.ts';
import type { CallStatus, CarrierEffect, CarrierEndReason } from './carrier-events.ts';
import { noted, problem } from './carrier-events.ts';
import type { CarrierCallSettings } from './carrier-settings.ts';
import { promptMs, promptNotes } from './verbs/prompts.ts';
import { answerOf, dialCourse } from './verbs/dialling.ts';
import { Whisper } from './verbs/whisper.ts';
import { Gathering } from './verbs/gathering.ts';
import { CallRecording } from './verbs/call-recording.ts';
import type { NextRandom } from '../seeded-random.ts';
import { randomSid } from '../seeded-random.ts';
import type { AcceptedStream } from './stream/stream-leg.ts';
import { StreamLeg } from './stream/stream-leg.ts';
import type { ConnectVerb, DialVerb, GatherVerb, PromptVerb, RecordVerb, Verb } from './twiml/twiml.ts';
import type { VerbOutcome } from './verb-outcome.ts';
import { actionOf } from './verb-outcome.ts';

interface Begun {
  readonly type: 'begins';
  readonly activity: Activity;
  readonly effects: readonly CarrierEffect[];
}

/** What becomes of a verb when its turn comes. */
export type VerbStart =
  /** It runs, with what is to be done and noted at once. */
  | Begun
  /** It is over at once. */
  | ({ readonly type: 'over' } & VerbOutcome)
  /** The call goes on with another document. */
  | { readonly type: 'redirects'; readonly request: DocumentRequest }
  | {
      readonly type: 'ends';
      readonly reason: CarrierEndReason;
      readonly status: CallStatus;
      readonly effects: readonly CarrierEffect[];
    };

/** Whether the verb needs a line, and so answers the call: these do not (TW-TWIML-4). */
export function answers(verb: Verb): boolean {
  return !['pause', 'redirect', 'reject', 'hangup', 'notSimulated'].includes(verb.type);
}

/** Starts a verb. */
export function startVerb(verb: Verb, settings: CarrierCallSettings, atMs: number): VerbStart {
  switch (verb.type) {
    case 'hangup':
      return { type: 'ends', reason: 'hangupVerb', status: 'completed', effects: [] };
    case 'reject':
      return { type: 'ends', reason: 'rejected', status: verb.reason === 'busy' ? 'busy' : 'failed', effects: [] };
    case 'notSimulated': {
      const effects = [noted({ atMs, kind: 'verb.notSimulated', name: verb.name })];
      return { type: 'ends', reason: 'verbNotSimulated', status: 'failed', effects };
    }
    case 'redirect':
      return { type: 'redirects', request: { purpose: 'redirect', url: verb.url, method: verb.method } };
    case 'gather':
      return startGather(verb, atMs);
    case 'record':
      return startRecord(verb, settings.nextRandom, atMs);
    case 'dial':
      return startDial(verb, settings, atMs);
    case 'connect': {
      const { stream } = verb;
      if (stream.type === 'stream') return startConnect(verb, stream, settings, atMs);
      const effects = [problem(stream.code, stream.detail, atMs)];
      return { type: 'over', effects, request: actionOf('connectAction', verb) };
    }
    default:
      return startPrompt(verb, atMs);
  }
}

/** `<Say>`, `<Play>` and `<Pause>` take their time; the words are noted, not spoken (TW-TWIML-4). */
function startPrompt(verb: PromptVerb, atMs: number): Begun {
  const activity: Activity = { type: 'prompting', untilMs: atMs + promptMs(verb), isVoice: verb.type !== 'pause' };
  return { type: 'begins', activity, effects: promptNotes(verb, atMs) };
}

/** `<Gather>`: its prompts, then the wait for keys (TW-TWIML-4). */
function startGather(verb: GatherVerb, atMs: number): Begun {
  const promptsMs = verb.prompts.reduce((totalMs, prompt) => totalMs + promptMs(prompt), 0);
  const gathering = new Gathering(verb, atMs + promptsMs);
  return {
    type: 'begins',
    activity: { type: 'gathering', gathering },
    effects: verb.prompts.flatMap((prompt) => promptNotes(prompt, atMs)),
  };
}

/** `<Record>`: the beep, and then the caller (TW-TWIML-5). */
function startRecord(verb: RecordVerb, nextRandom: NextRandom, atMs: number): Begun {
  const recording = new CallRecording(verb, randomSid('RE', nextRandom), atMs);
  return { type: 'begins', activity: { type: 'recording', recording }, effects: [] };
}

/**
 * `<Dial>`: its course is decided when it starts (TW-TWIML-3), but for a conference whose course others decide (TW-CONF-1).
 */
function startDial(verb: DialVerb, settings: CarrierCallSettings, atMs: number): Begun {
  const { call, dialOutcomes, ownedNumbers, nextRandom } = settings;
  if (verb.seat !== null && dialOutcomes.conference === undefined) {
    return {
      type: 'begins',
      activity: { type: 'conferring', verb, untilMs: atMs + verb.timeLimitMs },
      effects: [
        noted({ atMs, kind: 'dial.started', to: verb.to }),
        { type: 'conference.join', name: verb.to, seat: verb.seat },
      ],
    };
  }
  const course = dialCourse(verb, call, dialOutcomes, ownedNumbers);
  const problems = course.problem === undefined ? [] : [problem(course.problem.code, course.problem.detail, atMs)];
  const effects = [noted({ atMs, kind: 'dial.started', to: verb.to }), ...problems];
  const answer = verb.whisper === null || course.bridgedAtMs === null ? null : answerOf(dialOutcomes[verb.to]);
  if (answer === null || course.bridgedAtMs === null)
    return { type: 'begins', activity: { type: 'dialling', verb, course, startedAtMs: atMs }, effects };
  const answeredAtMs = atMs + course.bridgedAtMs;
  const whisper = new Whisper(verb, answer, call, randomSid('CA', nextRandom), answeredAtMs);
  const activity = { type: 'whispering', verb, course, whisper, startedAtMs: atMs, answersAtMs: answeredAtMs } as const;
  return { type: 'begins', activity, effects };
}

/** `<Connect><Stream>`: opens the socket (TW-TWIML-2). */
function startConnect(verb: ConnectVerb, noun: AcceptedStream, settings: CarrierCallSettings, atMs: number): Begun {
  const leg = new StreamLeg(noun, settings, atMs);
  return { type: 'begins', activity: { type: 'streaming', verb, leg }, effects: [leg.open()] };
}
