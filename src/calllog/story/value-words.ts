import type { TurnFault } from '../../call/agent/model-turn.ts';
import type { CallInstruction, PromptName } from '../../call/effects.ts';
import type { DialOutcome, ModelRemedy } from '../../call/events.ts';
import { refusalReasons } from '../../call/operator/request-refusal.ts';
import type { CalleeState } from '../../call/phone/callee-state.ts';
import { missedOutcomeWords } from '../../call/phone/missed-outcome-words.ts';
import type { Exit } from '../../call/phone/phase.ts';
import type { Opening } from '../../call/session/model-connection.ts';
import type { RotationCause } from '../../call/session/rotation.ts';
import type { AgentCutCause } from '../../call/talk/conversation.ts';
import type { HeardWay } from '../../call/talk/unheard-words.ts';
import type { NotRunCause } from '../../call/tooling/tool-work.ts';
import type { Step } from '../../call/watchdog/escalation-steps.ts';
import type { Expected } from '../../call/watchdog/expectation.ts';

type Words<Value extends string> = Readonly<Record<Value, string>>;

/** By the kind of a value: what stands for it in the story. */
const tables = {
  /** What Parley does with whoever is called, by how far that has come. */
  callee: {
    asked: 'asks whoever answered to press 1',
    accepted: 'connects whoever answered, who has pressed 1',
    declined: 'turns away whoever answered, who has pressed another key',
    silent: 'turns away whoever answered, who has pressed nothing',
  } satisfies Words<Exclude<CalleeState, 'ringing'>>,
  /** Why the model is asked again, its session replaced, or the model given up. */
  cause: {
    greeting: 'the greeting does not come',
    answer: 'no answer comes',
    question: 'it does not ask whether the caller is still there',
    rest: 'the rest of the reply does not come',
    toolResult: 'it does not say what the tool answered',
    sentence: 'it does not say the sentence of an operator',
    anything: 'no reply comes',
    silentTurn: 'its turn brought nothing',
    textOnlyTurn: 'its turn brought words without sound',
    inaudibleTurn: 'its turn cannot be heard',
    repeatedTurn: 'it repeats itself',
    modelLost: 'no other session would help',
    modelOutage: 'there was no session for too long',
    goAway: 'the service ends each session at once',
  } satisfies Words<Expected | TurnFault | 'repeatedTurn' | 'modelLost' | 'modelOutage' | 'goAway'>,
  /** For what the agent is stopped, if not for the caller. */
  cut: {
    timeIsUp: 'because the call has reached its longest duration',
    repeated: 'which repeats itself',
    operator: 'for an operator',
  } satisfies Words<AgentCutCause>,
  dialOutcome: { connected: 'connected', ...missedOutcomeWords } satisfies Words<DialOutcome>,
  exit: {
    transfer: 'to transfer the caller',
    hangUp: 'to hang up',
    operatorHangUp: 'to hang up for an operator',
    message: 'so that the caller can leave a message',
    fallback: 'for the fallback, with an apology',
    voicemail: 'for the voicemail, with an apology',
  } satisfies Words<Exit['kind']>,
  /** What the caller waits for from the agent. */
  expected: {
    greeting: 'the greeting',
    answer: 'an answer',
    question: 'a question',
    rest: 'the rest of the reply',
    toolResult: 'what the tool answered',
    sentence: 'the sentence of an operator',
    anything: 'a reply of any kind',
  } satisfies Words<Expected>,
  /** When the model learns how much of a cut reply was heard. */
  heardWay: {
    tool: 'with the answer of a tool',
    text: 'with the next text',
    session: 'at the beginning of a session',
  } satisfies Words<HeardWay>,
  instruction: {
    stream: 'open a stream',
    dial: 'dial',
    record: 'take a message',
    hangUp: 'hang up',
    nothing: 'nothing',
  } satisfies Words<CallInstruction['kind']>,
  /** Why a tool that the model calls is not run. */
  notRun: {
    repeated: 'it was called with the same id before',
    tooMany: 'too many are open already',
    spent: 'this call has run as many as it may',
    joined: 'it runs already, and its answer serves both',
    known: 'it was run before, and its answer is known',
    unconfirmed: 'the caller has not agreed to it',
    unknown: 'it was run before, and nobody knows what came of it',
    tooLong: 'its arguments are too long',
  } satisfies Words<NotRunCause>,
  opening: { resume: 'has resumed the model session', fresh: 'has a fresh model session' } satisfies Words<Opening>,
  /** What the model is told. */
  prompt: {
    greeting: 'to greet the caller',
    timeIsUp: 'to say goodbye, because the time is up',
    lineDropped: 'that the line dropped',
    callerIsSilent: 'to ask whether the caller is still there',
    transferFailed: 'that the transfer failed',
    answerNow: 'to answer now',
    heardOnly: 'how much of its cut reply was heard',
    goOn: 'to go on with its reply',
    goOnUnheard: 'to go on with its reply',
    tellResults: 'to say what its tools found out',
    strayResult: 'what a tool of an earlier session answered',
    operatorNote: 'what an operator has noted',
    operatorSentence: 'to say the sentence of an operator',
    operatorTransfer: 'to announce the transfer of an operator',
  } satisfies Words<PromptName>,
  refusal: refusalReasons,
  /** What may help when a session is lost. */
  remedy: {
    resume: 'to resume it',
    fresh: 'a fresh session',
    later: 'a later try',
    otherModel: 'the other model',
    none: 'nothing',
  } satisfies Words<ModelRemedy>,
  rotation: {
    age: 'which has had its time',
    goAway: 'which the service is about to end',
    slow: 'which answers more and more slowly',
    pictures: 'which lasts less long with pictures',
  } satisfies Words<RotationCause>,
  /** What is done when the model does not say what is expected of it. */
  step: {
    nudge: 'asks the model again',
    resume: 'replaces the model session and resumes it',
    fresh: 'replaces the model session by a fresh one',
    giveUp: 'has nothing left to try',
  } satisfies Words<Step>,
};

/** The words for a value in a log; one that this version does not know stands for itself. */
export function valueWords(kind: keyof typeof tables, value: unknown): string {
  return new Map(Object.entries<string>(tables[kind])).get(String(value)) ?? String(value);
}
