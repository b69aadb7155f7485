import type { NoRoom } from '../../src/host/call-registry.ts';
import type { LiveCall, LiveStage, ModelHealth } from '../../src/console/live/picture/live-call.ts';
import { outcomeText } from '../../src/store/history/outcome-words.ts';

/** Where a call is. */
export const stageWords: Readonly<Record<LiveStage, string>> = {
  ringing: 'Ringing',
  talking: 'With the agent',
  leaving: 'Saying goodbye',
  between: 'Being sent on',
  // From the first ring on: whether a person has taken the call, Parley is not always told.
  dialling: 'Passed on to a person',
  recording: 'Leaving a message',
  ended: 'Over',
};

/** How a call ended, in the words of the history. */
export function liveOutcomeText(outcome: string): string {
  return outcome === 'elsewhere' ? 'another process has it' : outcomeText(outcome);
}

/** What a call ended well with. All others want a look. */
export const goodOutcomes: ReadonlySet<string> = new Set([
  'callerHungUp',
  'agentHungUp',
  'endedByOperator',
  'transferred',
  'leftVoicemail',
  'elsewhere',
]);

/** How the model session is: in words, and how good that is. */
export const healthWords: Readonly<
  Record<ModelHealth, { readonly text: string; readonly tone: 'good' | 'warn' | 'bad' | 'soft' }>
> = {
  none: { text: 'Not asked yet', tone: 'soft' },
  connecting: { text: 'Connecting', tone: 'warn' },
  live: { text: 'Live', tone: 'good' },
  lost: { text: 'Lost', tone: 'bad' },
  recovering: { text: 'Recovering', tone: 'warn' },
  closed: { text: 'Closed', tone: 'soft' },
};

/** Who speaks; null where Parley does not hear the caller, such as in a talk with a person. */
export function speaksText({ speaks, stage }: Pick<LiveCall, 'speaks' | 'stage'>): string | null {
  return stage === 'talking' || stage === 'leaving' ? speaksWords[speaks] : null;
}

const speaksWords: Readonly<Record<LiveCall['speaks'], string>> = {
  caller: 'Caller speaks',
  agent: 'Agent speaks',
  both: 'Both speak',
  nobody: 'Silence',
};

/** How many callers found no room. Strangers at a door of the service, and wrong logins to these pages, are none. */
export function callersTurnedAway(refused: Readonly<Record<string, number>>): number {
  return Object.keys(callerRefusals).reduce((sum, why) => sum + (refused[why] ?? 0), 0);
}

/** Why something was turned away, by the name that the service has for it. */
export function turnedAwayWords(code: string): string {
  return refusals.get(code) ?? code;
}

const callerRefusals: Readonly<Record<NoRoom, string>> = {
  full: 'no room for the call',
  draining: 'the service was stopping',
  overloaded: 'the process was too busy',
};

const refusals: ReadonlyMap<string, string> = new Map([
  ...Object.entries(callerRefusals),
  ['webhook.signatureInvalid', 'webhook with a wrong signature'],
  ['webhook.invalid', 'webhook that is no call'],
  ['stream.tokenInvalid', 'sound stream with a wrong token'],
  ['stream.startMissing', 'sound stream that did not start'],
  ['stream.tooManyWaiting', 'too many sound streams that had not started'],
  ['http.notLocal', 'request from elsewhere'],
  ['connectionRefused', 'too many connections'],
  ['viewerRefused', 'viewer of these pages, such as one with a wrong token'],
  ['socketError', 'broken connection'],
  ['requestRefused', 'unreadable request'],
]);
