import type { HttpMethod } from './http-method.ts';
import type { ConferenceSeat } from './twiml/twiml.ts';
import type { TwilioCode } from './twilio-codes.ts';
import { twilioCodes } from './twilio-codes.ts';

/** Form fields or query parameters, as Twilio sends them. */
export type FormFields = Readonly<Record<string, string>>;

/** The life of a call in Twilio's words. An inbound call is `ringing` until a verb answers it. */
export type CallStatus = 'ringing' | 'in-progress' | 'completed' | 'busy' | 'failed' | 'no-answer' | 'canceled';

/** Why Twilio requests a URL. */
export type WebhookPurpose =
  | 'voice'
  | 'fallback'
  | 'connectAction'
  | 'dialAction'
  /** What to do with the one who is called (TW-TWIML-7). */
  | 'callee'
  | 'gatherAction'
  | 'recordAction'
  | 'redirect'
  | 'restUrl'
  | 'callStatus'
  | 'streamStatus'
  | 'recordingStatus'
  | 'conferenceStatus'
  | 'conferenceWait'
  | 'announce'
  | 'hold';

/** What the server answered to a webhook. `location` and `contentType` are the headers of that name. */
export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string | null;
  readonly location: string | null;
  readonly body: string;
}

/** What the REST API orders for a live call (TW-REST-1). */
export type RestUpdate =
  | { readonly type: 'twiml'; readonly twiml: string }
  | { readonly type: 'url'; readonly url: string; readonly method: HttpMethod }
  | { readonly type: 'completed' };

/** What can happen to a simulated call. */
export type CarrierEvent =
  | { readonly type: 'call.placed' }
  /** The connection of a request stands; until then the time to connect runs (TW-HOOK-6). */
  | { readonly type: 'http.connected'; readonly id: number }
  | { readonly type: 'http.answered'; readonly id: number; readonly answer: HttpAnswer }
  /** `connect`: no connection came about. `read`: it broke before the whole answer had arrived. */
  | { readonly type: 'http.failed'; readonly id: number; readonly stage: 'connect' | 'read' }
  | { readonly type: 'socket.opened'; readonly streamSid: string }
  /** `status` is null when no HTTP answer came at all. */
  | { readonly type: 'socket.refused'; readonly streamSid: string; readonly status: number | null }
  /** A text frame is a string, a binary frame bytes. */
  | { readonly type: 'socket.received'; readonly streamSid: string; readonly data: string | Uint8Array }
  | { readonly type: 'socket.closed'; readonly streamSid: string; readonly code: number }
  /** The caller hangs up outside the script. */
  | { readonly type: 'caller.hungUp' }
  /** A fault: the media socket vanishes (TW-CLOSE-3). */
  | { readonly type: 'network.failed' }
  /** A fault: Twilio gives the stream up, and the other side finds out much later (TW-CLOSE-3). */
  | { readonly type: 'network.stalled' }
  /** The conference is over for the call. `bridged`: whether it ever spoke with anybody. */
  | { readonly type: 'conference.left'; readonly bridged: boolean }
  | { readonly type: 'rest.updated'; readonly update: RestUpdate }
  | { readonly type: 'tick' };

/** Why a call is over. */
export type CarrierEndReason =
  | 'callerHungUp'
  | 'documentEnded'
  | 'hangupVerb'
  | 'rejected'
  | 'restCompleted'
  | 'applicationError'
  | 'callTooLong'
  | 'verbNotSimulated';

/** What ended a stream. */
export type StreamEnd =
  | 'serverClosed'
  | 'callerHungUp'
  | 'networkFailed'
  | 'networkStalled'
  | 'updated'
  | 'completed'
  | 'displaced';

/** How a `<Dial>` ended, in Twilio's words. */
export type DialStatus = 'completed' | 'answered' | 'busy' | 'no-answer' | 'failed';

/** What the simulator writes down about a call: the entries of its timeline. */
export type CarrierNote = { readonly atMs: number } & (
  | {
      readonly kind: 'webhook.sent';
      readonly purpose: WebhookPurpose;
      readonly method: HttpMethod;
      readonly url: string;
    }
  | { readonly kind: 'webhook.answered'; readonly purpose: WebhookPurpose; readonly status: number }
  /** An attempt failed, and another one follows. */
  | { readonly kind: 'webhook.retried'; readonly purpose: WebhookPurpose; readonly detail: string }
  | { readonly kind: 'webhook.failed'; readonly purpose: WebhookPurpose; readonly detail: string }
  | { readonly kind: 'call.answered' }
  /** A problem that Twilio's debugger would show. */
  | { readonly kind: 'problem'; readonly code: TwilioCode; readonly meaning: string; readonly detail: string }
  | { readonly kind: 'verb.say'; readonly text: string }
  | { readonly kind: 'verb.play'; readonly url: string; readonly digits: string }
  | { readonly kind: 'verb.gathered'; readonly digits: string; readonly speech: string }
  /** `endedBy` is the key that ended it, `hangup`, or nothing. */
  | {
      readonly kind: 'verb.recorded';
      readonly recordingSid: string;
      readonly durationMs: number;
      readonly endedBy: string;
    }
  | { readonly kind: 'verb.notSimulated'; readonly name: string }
  | { readonly kind: 'dial.started'; readonly to: string }
  /** What whoever answered is told, and presses. */
  | { readonly kind: 'callee.heard'; readonly to: string; readonly text: string }
  | { readonly kind: 'callee.pressed'; readonly to: string; readonly digit: string }
  /** The two are connected. */
  | { readonly kind: 'dial.bridged'; readonly to: string }
  | { readonly kind: 'dial.ended'; readonly to: string; readonly status: DialStatus; readonly bridged: boolean }
  /** Somebody came, went, or was changed; `event` is Twilio's word for it. */
  | {
      readonly kind: 'conference.event';
      readonly conference: string;
      readonly event: string;
      readonly callSid: string | null;
    }
  /** What one participant hears of a document, or all of them when `callSid` is null. */
  | {
      readonly kind: 'conference.played';
      readonly conference: string;
      readonly purpose: WebhookPurpose;
      readonly callSid: string | null;
      readonly text: string;
    }
  /** The REST API calls somebody into a conference. */
  | { readonly kind: 'leg.dialled'; readonly callSid: string; readonly to: string }
  | { readonly kind: 'leg.ended'; readonly callSid: string; readonly to: string; readonly status: CallStatus }
  | { readonly kind: 'stream.started'; readonly streamSid: string }
  /** Audio that begins like a file: the caller hears its header as noise (TW-STREAM-6). */
  | { readonly kind: 'stream.headerPlayed'; readonly streamSid: string }
  /** The first audio of ours that reaches Twilio on this stream. */
  | { readonly kind: 'stream.firstMedia'; readonly streamSid: string }
  /** Audio of ours reaches an empty playout buffer, so the caller hears it from this moment on. */
  | { readonly kind: 'stream.playoutStarted'; readonly streamSid: string }
  | {
      readonly kind: 'stream.cleared';
      readonly streamSid: string;
      readonly discardedMs: number;
      readonly marks: number;
    }
  | { readonly kind: 'stream.markEchoed'; readonly streamSid: string; readonly name: string; readonly cleared: boolean }
  | { readonly kind: 'stream.ended'; readonly streamSid: string; readonly by: StreamEnd; readonly code: number }
  | { readonly kind: 'caller.pressed'; readonly digit: string }
  | { readonly kind: 'caller.gaveUpWaiting'; readonly step: number }
  | { readonly kind: 'rest.updated'; readonly update: RestUpdate['type'] }
  | { readonly kind: 'call.ended'; readonly reason: CarrierEndReason; readonly status: CallStatus }
);

/** What the host of a simulated call must do, in order. */
export type CarrierEffect =
  | {
      readonly type: 'http.request';
      readonly id: number;
      readonly method: HttpMethod;
      readonly url: string;
      readonly fields: FormFields;
      readonly headers: FormFields;
    }
  /** The answer is not wanted any more. */
  | { readonly type: 'http.abort'; readonly id: number }
  | { readonly type: 'socket.open'; readonly streamSid: string; readonly url: string }
  | { readonly type: 'socket.send'; readonly streamSid: string; readonly text: string }
  /** 1005 stands for a close frame without a code. */
  | { readonly type: 'socket.close'; readonly streamSid: string; readonly code: 1000 | 1005 }
  /** Cut the connection without a close frame: the other side sees 1006. */
  | { readonly type: 'socket.drop'; readonly streamSid: string }
  /** Leave the socket open, and neither send nor read on it any more: the other side is not told (TW-CLOSE-3). */
  | { readonly type: 'socket.abandon'; readonly streamSid: string }
  | { readonly type: 'conference.join'; readonly name: string; readonly seat: ConferenceSeat }
  | { readonly type: 'conference.leave'; readonly why: 'hungUp' | 'movedOn' }
  | NoteEffect;

/** An entry of the timeline. */
export interface NoteEffect {
  readonly type: 'note';
  readonly note: CarrierNote;
}

/** The effect that writes down a note. */
export function noted(note: CarrierNote): NoteEffect {
  return { type: 'note', note };
}

/** The effect that writes down a problem: what Twilio calls it, and what was wrong this time. */
export function problem(code: TwilioCode, detail: string, atMs: number): NoteEffect {
  return noted({ atMs, kind: 'problem', code, meaning: twilioCodes[code], detail });
}
