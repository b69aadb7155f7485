// The package's root would load its whole REST client: six times the start-up time of this one file.
import VoiceResponse from 'twilio/lib/twiml/VoiceResponse.js';
import type { CalleeInstruction, CallInstruction, DialInstruction } from '../call/effects.ts';

/** What the TwiML of a call refers to. All addresses are absolute: Twilio cannot resolve others in a REST update. */
export interface TwimlLinks {
  /** `wss:` and without a query, which Twilio refuses (TW-TWIML-2). */
  readonly streamUrl: string;
  /** Comes back in the start message as the parameter `token`. Below 500 characters together with its name (TW-TWIML-2). */
  readonly streamToken: string;
  /** Where Twilio tells that a stream failed, also one whose socket never opened (TW-STREAM-7). */
  readonly streamCallback: string;
  /** The actions and callbacks are without a query or a fragment. */
  readonly connectAction: string;
  readonly dialAction: string;
  /** Where Twilio asks what to do with the one who is called, and which call that is for. */
  readonly calleeAction: string;
  readonly callSid: string;
  readonly recordAction: string;
  readonly recordingCallback: string;
  /** How long the caller and the destination may speak (TW-TWIML-3). */
  readonly dialTimeLimitSeconds: number;
  /** The silence that ends a message (TW-TWIML-5). */
  readonly recordSilenceSeconds: number;
  /** The BCP-47 tag of the language that Twilio's voice speaks; null for Twilio's default. */
  readonly sayLanguage: string | null;
}

/**
 * Added to every address that a live call depends on: Twilio tries again, five times at most, when there is no connection, no answer in
 * time, or a status of 500 and above (TW-HOOK-6). All tries together have the 15 s of TW-HOOK-2.
 */
export const connectionOverrides = '#rc=5&rp=ct,rt,5xx';

/**
 * How long Twilio waits before it asks again: the old process may listen for 1.5 s more, and the new one starts in about two. Whole seconds
 * (TW-TWIML-6).
 */
const restartPauseSeconds = 4;

/** How long a key is waited for once the words are over. */
const keySeconds = 10;

/** Twilio refuses longer texts (TW-TWIML-4). */
const sayCharactersMax = 4096;

/** Writes the TwiML that makes Twilio do what the call decided (TW-TWIML-1). */
export function renderTwiml(document: CallInstruction | CalleeInstruction, links: TwimlLinks): string {
  const response = new VoiceResponse();
  switch (document.kind) {
    case 'stream':
      response
        .connect({
          action: connectUrl(links.connectAction, document.number),
          method: 'POST',
        })
        .stream({ url: links.streamUrl, statusCallback: links.streamCallback, statusCallbackMethod: 'POST' })
        .parameter({ name: 'token', value: links.streamToken });
      break;
    case 'dial':
      say(response, document.say, links.sayLanguage);
      dial(response, document, links);
      break;
    case 'ask':
      ask(response, document, links);
      break;
    case 'record':
      say(response, document.say, links.sayLanguage);
      response.record({
        action: links.recordAction + connectionOverrides,
        method: 'POST',
        maxLength: document.secondsMax,
        timeout: links.recordSilenceSeconds,
        playBeep: true,
        recordingStatusCallback: links.recordingCallback + connectionOverrides,
        recordingStatusCallbackMethod: 'POST',
        recordingStatusCallbackEvent: ['completed', 'absent'],
      });
      // Reached when nothing was said: Twilio does not request the action then (TW-TWIML-5).
      response.hangup();
      break;
    case 'hangUp':
      say(response, document.say, links.sayLanguage);
      response.hangup();
      break;
    case 'turnAway':
      response.hangup();
      break;
    // For the one who is called, the end of the document is the beginning of the talk (TW-TWIML-7).
    case 'connect':
    case 'nothing':
      break;
  }
  return response.toString();
}

/**
 * While whoever answers is asked to take the call, the caller goes on hearing the ringing only with `answerOnBridge` (TW-TWIML-7). A
 * destination that needs not accept is connected as soon as it answers.
 */
function dial(response: VoiceResponse, { attempt, target, mustAccept }: DialInstruction, links: TwimlLinks): void {
  const whisper = mustAccept ? { url: calleeUrl(links, attempt, false), method: 'POST' } : {};
  const verb = response.dial({
    action: `${links.dialAction}${attempt === 0 ? '' : `?attempt=${attempt}`}${connectionOverrides}`,
    method: 'POST',
    timeout: target.ringSeconds,
    timeLimit: links.dialTimeLimitSeconds,
    ...(mustAccept && { answerOnBridge: true }),
    ...(target.callerId !== null && { callerId: target.callerId }),
  });
  if (target.kind === 'sip') verb.sip(whisper, target.address);
  else verb.number({ ...whisper, ...(target.digits !== '' && { sendDigits: target.digits }) }, target.address);
}

/** Who calls and why, twice, and a key to press meanwhile or afterwards. Where none is pressed, Parley is told that as well. */
function ask(
  response: VoiceResponse,
  { attempt, words, language }: Extract<CalleeInstruction, { kind: 'ask' }>,
  links: TwimlLinks,
): void {
  const gather = response.gather({
    action: calleeUrl(links, attempt, true),
    method: 'POST',
    numDigits: 1,
    timeout: keySeconds,
    // Every key is an answer, the one that usually ends the input as well.
    finishOnKey: '',
    actionOnEmptyResult: true,
  });
  say(gather, words, language ?? links.sayLanguage);
  gather.pause({ length: 1 });
  say(gather, words, language ?? links.sayLanguage);
  // Reached only if Twilio does not ask.
  response.hangup();
}

function calleeUrl({ calleeAction, callSid }: TwimlLinks, attempt: number, isKey: boolean): string {
  return `${calleeAction}?call=${callSid}&attempt=${attempt}${isKey ? '&key=yes' : ''}${connectionOverrides}`;
}

/** Writes the TwiML that refuses a call with the busy tone. As the first verb it costs nothing (TW-TWIML-4). */
export function rejectBusy(): string {
  const response = new VoiceResponse();
  response.reject({ reason: 'busy' });
  return response.toString();
}

/**
 * Writes the TwiML that makes Twilio wait and ask again what comes after a stream, when another process is there to answer (TW-TWIML-6).
 * `stream`: its number; null when the question did not say.
 */
export function askAgain(connectAction: string, stream: number | null): string {
  const response = new VoiceResponse();
  response.pause({ length: restartPauseSeconds });
  response.redirect({ method: 'POST' }, connectUrl(connectAction, stream));
  return response.toString();
}

/** Writes the TwiML that makes Twilio ask a process at once. `address`: with its query, without a fragment. */
export function sendOn(address: string): string {
  const response = new VoiceResponse();
  response.redirect({ method: 'POST' }, address + connectionOverrides);
  return response.toString();
}

function connectUrl(action: string, stream: number | null): string {
  return action + (stream === null ? '' : `?stream=${stream}`) + connectionOverrides;
}

function say(response: Pick<VoiceResponse, 'addChild'>, text: string | null, language: string | null): void {
  if (text === null) return;
  // What XML cannot hold is left out: the builder would throw, and an apology must not fail.
  const speakable = text.replaceAll(/[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/gu, '');
  // Cut between code points, for the same reason: half a surrogate pair is no character.
  const spoken = Array.from(speakable).slice(0, sayCharactersMax).join('');
  // `addChild`, because the types of `say` list only the languages of their day.
  response.addChild('Say', language === null ? {} : { language }).addText(spoken);
}
