import type { LiveCall, LiveOutcome, LiveStage, ModelHealth } from '../../src/console/live/picture/live-call.ts';

/** Where a call is. */
export const stageWords: Readonly<Record<LiveStage, string>> = {
  ringing: 'Ringing',
  talking: 'Talking',
  leaving: 'Saying goodbye',
  between: 'Being sent on',
  dialling: 'With another person',
  recording: 'Leaving a message',
  ended: 'Over',
};

/** How a call ended. */
export const outcomeWords: Readonly<Record<LiveOutcome, string>> = {
  callerHungUp: 'The caller hung up',
  agentHungUp: 'The agent ended the call',
  endedByOperator: 'An operator hung up',
  transferred: 'Transferred',
  apologised: 'The agent apologised and gave up',
  leftVoicemail: 'The caller left a message',
  streamNeverStarted: 'No sound ever came',
  redirectFailed: 'Twilio did not send the call on',
  dialTimedOut: 'The end of a transfer was never heard of',
  crashed: 'Parley failed',
  elsewhere: 'Another process has it',
};

/** What a call ended well with. All others want a look. */
export const goodOutcomes: ReadonlySet<LiveOutcome> = new Set([
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

/** Who speaks. */
export const speaksWords: Readonly<Record<LiveCall['speaks'], string>> = {
  caller: 'Caller speaks',
  agent: 'Agent speaks',
  both: 'Both speak',
  nobody: 'Silence',
};

/** A number, or that it was withheld. */
export function partyName(number: string | null): string {
  return number === null || number === '' ? 'Number withheld' : number;
}

/** Why something was turned away, by the name that the service has for it. */
export function turnedAwayWords(code: string): string {
  return refusals.get(code) ?? code;
}

const refusals: ReadonlyMap<string, string> = new Map([
  ['full', 'no room for the call'],
  ['draining', 'the service was stopping'],
  ['webhook.signatureInvalid', 'webhook with a wrong signature'],
  ['webhook.invalid', 'webhook that is no call'],
  ['stream.tokenInvalid', 'sound stream with a wrong token'],
  ['http.notLocal', 'request from elsewhere'],
  ['connectionRefused', 'too many connections'],
  ['viewerRefused', 'viewer of these pages'],
  ['socketError', 'broken connection'],
  ['requestRefused', 'unreadable request'],
]);
