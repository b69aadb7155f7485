import type { Activity } from './activity.ts';
import type { CallIdentity } from './carrier-settings.ts';
import type { CarrierEffect } from './carrier-events.ts';
import { noted, problem } from './carrier-events.ts';
import type { DialOutcomes } from './dialling.ts';
import { dialCourse } from './dialling.ts';
import { Gathering } from './gathering.ts';
import type { NextRandom } from './seeded-random.ts';
import type { AcceptedStream } from './stream-leg.ts';
import { StreamLeg } from './stream-leg.ts';
import type { ConnectVerb, DialVerb, GatherVerb, PromptVerb } from './twiml.ts';

/** Speech takes about 60 ms a character. A prompt is capped, so that a test never waits for a long text. */
const msPerCharacter = 60;
/** The simulator does not fetch what `<Play>` names, so every file lasts the same. */
const playedFileMs = 2000;
const promptMsMax = 20_000;

/** What a verb begins, and what is to be done and noted at once. */
export interface StartedVerb {
  readonly activity: Activity;
  readonly effects: readonly CarrierEffect[];
}

/** `<Say>`, `<Play>` and `<Pause>` take their time; the words are noted, not spoken (TW-TWIML-4). */
export function startPrompt(verb: PromptVerb, atMs: number): StartedVerb {
  const activity: Activity = { type: 'prompting', untilMs: atMs + promptMs(verb), isVoice: verb.type !== 'pause' };
  return { activity, effects: promptNotes(verb, atMs) };
}

/** `<Gather>`: its prompts, then the wait for keys (TW-TWIML-4). */
export function startGather(verb: GatherVerb, atMs: number): StartedVerb {
  const promptsMs = verb.prompts.reduce((totalMs, prompt) => totalMs + promptMs(prompt), 0);
  const gathering = new Gathering(verb, atMs + promptsMs);
  return {
    activity: { type: 'gathering', gathering },
    effects: verb.prompts.flatMap((prompt) => promptNotes(prompt, atMs)),
  };
}

/** `<Dial>`: its course is decided when it starts (TW-TWIML-3). */
export function startDial(
  verb: DialVerb,
  call: CallIdentity,
  network: { readonly dialOutcomes: DialOutcomes; readonly ownedNumbers: readonly string[] },
  atMs: number,
): StartedVerb {
  const course = dialCourse(verb, call, network.dialOutcomes, network.ownedNumbers);
  const problems = course.problem === undefined ? [] : [problem(course.problem.code, course.problem.detail, atMs)];
  return {
    activity: { type: 'dialling', verb, course, startedAtMs: atMs },
    effects: [noted({ atMs, kind: 'dial.started', to: verb.to }), ...problems],
  };
}

/** `<Connect><Stream>`: opens the socket (TW-TWIML-2). */
export function startConnect(
  verb: ConnectVerb,
  noun: AcceptedStream,
  call: CallIdentity,
  nextRandom: NextRandom,
  atMs: number,
): StartedVerb {
  const leg = new StreamLeg(noun, call, nextRandom, atMs);
  return { activity: { type: 'streaming', verb, leg }, effects: [leg.open()] };
}

/** `loop="0"` repeats for ever, and so up to the cap. */
function promptMs(verb: PromptVerb): number {
  if (verb.type === 'pause') return verb.lengthMs;
  const onceMs = verb.type === 'say' ? verb.text.length * msPerCharacter : playedFileMs;
  return verb.loops === 0 ? promptMsMax : Math.min(onceMs * verb.loops, promptMsMax);
}

function promptNotes(verb: PromptVerb, atMs: number): CarrierEffect[] {
  if (verb.type === 'pause') return [];
  if (verb.type === 'say') return [noted({ atMs, kind: 'verb.say', text: verb.text })];
  return [noted({ atMs, kind: 'verb.play', url: verb.url, digits: verb.digits })];
}
