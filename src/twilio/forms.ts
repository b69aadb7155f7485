import type { CalleeQuestion, CallFact, DialEnd, RecordingStatus } from '../call/events.ts';
import { ParleyError } from '../errors.ts';
import { isJsonObject } from '../encoding/json.ts';

/** What the voice webhook says about a call (TW-HOOK-1). `from` is a number, a SIP address, or a text such as `anonymous`. */
export interface IncomingCall {
  readonly callSid: string;
  readonly from: string;
  readonly to: string;
  readonly callStatus: string;
}

/** What a later webhook says, and about which call. */
export interface CallNews<Type extends CallFact['type']> {
  readonly callSid: string;
  readonly fact: Extract<CallFact, { type: Type }>;
}

/** Longer than a number, and as long as a SIP address may be; a caller of such an address chooses it. Databases find calls by it, and take no longer ones. */
const addressCharsMax = 256;

/** The states of a call that has ended. A state that Twilio adds later counts as live: the status callback will end it. */
const statesOver: ReadonlySet<string> = new Set(['completed', 'busy', 'failed', 'no-answer', 'canceled']);

const dialEnds: ReadonlyMap<string, DialEnd> = new Map([
  ['completed', 'connected'],
  ['answered', 'connected'],
  ['busy', 'busy'],
  ['no-answer', 'noAnswer'],
  ['failed', 'failed'],
  ['canceled', 'canceled'],
]);

/** The final states of a recording. */
const recordingStatuses: ReadonlyMap<string, RecordingStatus> = new Map([
  ['completed', 'completed'],
  ['absent', 'absent'],
  ['failed', 'failed'],
]);

/** Reads the voice webhook's form (TW-HOOK-1). Throws `webhook.invalid`. Parameters that we do not know are no fault. */
export function parseIncomingCall(params: unknown): IncomingCall {
  return {
    callSid: callSidOf(params),
    from: address(params, 'From'),
    to: address(params, 'To'),
    callStatus: parameter(params, 'CallStatus'),
  };
}

/** Cut in the middle of a sign, it would be no text that a context webhook can read. */
function address(params: unknown, name: 'From' | 'To'): string {
  return parameter(params, name).slice(0, addressCharsMax).toWellFormed();
}

/** The number that was dialled, which every webhook of a call names (TW-HOOK-1); null where it was withheld. */
export function dialledNumber(params: unknown): string | null {
  return optionalParameter(params, 'To');
}

/**
 * Reads the request to the action of `<Connect>` (TW-CLOSE-1). `stream` is the stream's number in the query of its URL, where it may be
 * missing. Throws `webhook.invalid`.
 */
export function parseConnectEnded(params: unknown, stream: unknown): CallNews<'connect.ended'> {
  const fact = { type: 'connect.ended', stream: countIn('stream', stream), callOver: isCallOver(params) } as const;
  return { callSid: callSidOf(params), fact };
}

/** A stream that Twilio could not open, or that broke off (TW-STREAM-7). `twilioCode` is one of its error codes, such as `31920`. */
export interface StreamFailure {
  readonly callSid: string;
  readonly streamSid: string | null;
  readonly twilioCode: string | null;
  readonly error: string | null;
}

/** Longer than the errors that Twilio documents. */
const streamErrorMax = 200;

/** Reads the status callback of a stream (TW-STREAM-7); null unless the stream failed. Throws `webhook.invalid`. */
export function parseStreamStatus(params: unknown): StreamFailure | null {
  const callSid = callSidOf(params);
  if (parameter(params, 'StreamEvent') !== 'stream-error') return null;
  const error = optionalParameter(params, 'StreamError')?.slice(0, streamErrorMax) ?? null;
  const code = /\b31\d{3}\b/.exec(optionalParameter(params, 'StreamErrorCode') ?? error ?? '');
  const streamSid = optionalParameter(params, 'StreamSid')?.slice(0, eventFieldMax) ?? null;
  return { callSid, streamSid, twilioCode: code?.[0] ?? null, error };
}

/** What tells one event of a call from another, beside the path. Whatever else a form holds follows from it. */
const eventFields = [
  'CallSid',
  'CallStatus',
  'DialCallSid',
  'RecordingSid',
  'RecordingStatus',
  'StreamSid',
  'StreamEvent',
  'Digits',
];

/** Far longer than the ids and states of Twilio. */
const eventFieldMax = 64;

/** What stands in the query of a webhook's URL, unchecked: all that we have ever put there. */
export interface WebhookQuery {
  /** The number of a stream. */
  readonly stream?: unknown;
  /** The call for which somebody is called. */
  readonly call?: unknown;
  /** The number of the attempt to reach somebody. */
  readonly attempt?: unknown;
  /** Whether the key is asked for that somebody was to press. */
  readonly key?: unknown;
  /** How often instances have sent Twilio on with this. */
  readonly sent?: unknown;
}

/** How often instances have sent Twilio on with a webhook. What says nothing that can be read was sent on too often. */
export function timesSent({ sent }: WebhookQuery): number {
  if (sent === undefined) return 0;
  return typeof sent === 'string' && /^[1-9]$/.test(sent) ? Number(sent) : Infinity;
}

/** What a webhook is about: the same text for one that is repeated, and another one for every other. */
export function webhookEvent(path: string, { stream, call, attempt, key }: WebhookQuery, params: unknown): string {
  const query = [stream, call, attempt, key].map((text) =>
    typeof text === 'string' ? text.slice(0, eventFieldMax) : '',
  );
  const fields = eventFields.map((name) => optionalParameter(params, name)?.slice(0, eventFieldMax) ?? '');
  return [path, ...query, ...fields].join(' ');
}

/**
 * Reads the request to the action of `<Dial>` (TW-TWIML-3). `legSid` is the call that was made, and tells this end of a dial from any other;
 * null if nothing is said of it. `attempt` is its number in the query of the URL, where it may be missing. Throws `webhook.invalid`.
 */
export function parseDialEnded(
  params: unknown,
  attempt: unknown,
): CallNews<'dial.ended'> & { readonly legSid: string | null } {
  const outcome = dialEnds.get(parameter(params, 'DialCallStatus')) ?? 'failed';
  // A leg that was answered and never bridged, by a call screen for example, reached nobody.
  const unbridged = outcome === 'connected' && optionalParameter(params, 'DialBridged') === 'false';
  return {
    callSid: callSidOf(params),
    legSid: optionalParameter(params, 'DialCallSid'),
    fact: {
      type: 'dial.ended',
      attempt: countIn('attempt', attempt),
      outcome: unbridged ? 'noAnswer' : outcome,
      callOver: isCallOver(params),
    },
  };
}

/**
 * Reads the request that asks what to do with the one who is called (TW-TWIML-7). It comes from the dialled leg, whose `CallSid` is its own:
 * which call it is for stands in the URL that we gave, and if Twilio names it as well, it must be the same. Throws `webhook.invalid`.
 */
export function parseCallee(params: unknown, { call, attempt, key }: WebhookQuery): CallNews<CalleeQuestion['type']> {
  callSidOf(params);
  const parentSid = optionalParameter(params, 'ParentCallSid');
  const callSid = callSidOf({ CallSid: call });
  if (parentSid !== null && parentSid !== callSid)
    throw new ParleyError('webhook.invalid', 'The call in the URL is not the one for which somebody was called.');
  const number = countIn('attempt', attempt);
  if (number === null) throw new ParleyError('webhook.invalid', 'The URL holds no attempt.');
  if (key === undefined) return { callSid, fact: { type: 'callee.answered', attempt: number } };
  const pressed = /^[0-9*#]/.exec(optionalParameter(params, 'Digits') ?? '')?.[0] ?? null;
  return { callSid, fact: { type: 'callee.keyed', attempt: number, key: pressed } };
}

/** Reads the request to the action of `<Record>` (TW-TWIML-5). Throws `webhook.invalid`. */
export function parseRecordEnded(params: unknown): CallNews<'record.ended'> {
  return {
    callSid: callSidOf(params),
    fact: { type: 'record.ended', durationMs: recordingMs(params), callOver: isCallOver(params) },
  };
}

/** Reads the status callback of a recording (TW-TWIML-5); null while it is being made. Throws `webhook.invalid`. */
export function parseRecordingStatus(params: unknown): CallNews<'recording.stored'> | null {
  const callSid = callSidOf(params);
  const status = recordingStatuses.get(parameter(params, 'RecordingStatus'));
  if (status === undefined) return null;
  return {
    callSid,
    fact: {
      type: 'recording.stored',
      status,
      durationMs: recordingMs(params),
      recordingSid: parameter(params, 'RecordingSid'),
      url: optionalParameter(params, 'RecordingUrl'),
    },
  };
}

/** Reads the status callback (TW-HOOK-5); null while the call goes on. Throws `webhook.invalid`. */
export function parseStatusCallback(params: unknown): CallNews<'call.completed'> | null {
  const callSid = callSidOf(params);
  return isCallOver(params) ? { callSid, fact: { type: 'call.completed' } } : null;
}

/** Anything but a number is not from our URL: read as missing, it would turn a question about an old one into one about the latest. */
function countIn(name: 'stream' | 'attempt', text: unknown): number | null {
  if (text === undefined) return null;
  if (typeof text === 'string' && /^[1-9]\d{0,5}$/.test(text)) return Number(text);
  throw new ParleyError('webhook.invalid', `The ${name} in the URL is not a number.`);
}

/** Whole seconds; missing when there is no recording. */
function recordingMs(params: unknown): number {
  const seconds = optionalParameter(params, 'RecordingDuration') ?? '';
  return /^\d{1,6}$/.test(seconds) ? Number(seconds) * 1000 : 0;
}

function isCallOver(params: unknown): boolean {
  return statesOver.has(parameter(params, 'CallStatus'));
}

/** The only parameter whose form is checked: files may be named after it. */
function callSidOf(params: unknown): string {
  const callSid = parameter(params, 'CallSid');
  if (!/^CA[0-9a-f]{32}$/i.test(callSid)) {
    throw new ParleyError('webhook.invalid', 'CallSid is not CA and 32 hexadecimal digits.');
  }
  return callSid;
}

function parameter(params: unknown, name: string): string {
  const value = optionalParameter(params, name);
  if (value === null) throw new ParleyError('webhook.invalid', `${name} is missing or given twice.`);
  return value;
}

/** A parameter that is given twice arrives as an array. Twilio sends none. */
function optionalParameter(params: unknown, name: string): string | null {
  const value = isJsonObject(params) ? params[name] : undefined;
  return typeof value === 'string' ? value : null;
}
