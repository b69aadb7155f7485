import type { ErrorCode } from '../errors.ts';
import type { CallMemory } from './talk/memory.ts';
import type { ToolCall, ToolResponse, ToolScheduling } from './tooling/tool-call.ts';

/** How a dialled leg ended, as Twilio tells it (TW-TWIML-3). `connected`: it was answered, if only by a machine. */
export type DialEnd = 'connected' | 'busy' | 'noAnswer' | 'failed' | 'canceled';

/**
 * How an attempt to reach somebody ended. Only `connected` means that somebody took the call. `declined`: another key was pressed, or whoever
 * answered hung up. `notAccepted`: the telephone was answered and nothing was pressed, as a machine does.
 */
export type DialOutcome = DialEnd | 'declined' | 'notAccepted';

/** What became of a recording (TW-TWIML-5). `absent`: it is empty. */
export type RecordingStatus = 'completed' | 'absent' | 'failed';

/** What a tool asks of the call itself, beside its answer to the model. */
export type LeaveOrder =
  /** `reason`: why the caller wants this, in the model's words, for whoever is called. */
  | { readonly kind: 'transfer'; readonly destination: string; readonly reason: string | null }
  | { readonly kind: 'hangUp' }
  /** Nobody can be reached now: the caller may leave a message. */
  | { readonly kind: 'message' };

/**
 * Token counts of one bill of the model (GM-USAGE-1). Each message is a bill of its own, and all of them add up.
 * Counts by modality need not add up to the totals.
 */
export interface ModelUsage {
  readonly promptTokens: number;
  readonly responseTokens: number;
  readonly thoughtsTokens: number;
  readonly totalTokens: number;
  readonly promptByModality: Readonly<Record<string, number>>;
  readonly responseByModality: Readonly<Record<string, number>>;
}

/** Twilio's webhooks that ask what comes next: exactly one `call.answer` effect answers each at once. */
export type CallQuestion =
  /** The voice webhook. It may be delivered twice (TW-HOOK-4). */
  | { readonly type: 'call.received' }
  /** The action of `<Connect>`: the stream is over (TW-CLOSE-1). `stream`: its number, or null when the URL does not hold it. */
  | { readonly type: 'connect.ended'; readonly stream: number | null; readonly callOver: boolean }
  /** The action of `<Dial>`. `attempt`: its number, or null when the URL does not hold it. `callOver`: the caller is gone as well. */
  | {
      readonly type: 'dial.ended';
      readonly attempt: number | null;
      readonly outcome: DialEnd;
      readonly callOver: boolean;
    }
  /** The action of `<Record>`: the caller's message is over (TW-TWIML-5). `callOver`: by hanging up. */
  | { readonly type: 'record.ended'; readonly durationMs: number; readonly callOver: boolean };

/** Twilio's webhooks that ask what to do with the one who was called: exactly one `callee.answer` effect answers each at once. */
export type CalleeQuestion =
  /** Somebody, or a machine, has answered (TW-TWIML-7). It may be delivered twice. */
  | { readonly type: 'callee.answered'; readonly attempt: number }
  /** A key was pressed there; null when none was, in the time that there is for it. */
  | { readonly type: 'callee.keyed'; readonly attempt: number; readonly key: string | null };

/** Facts from Twilio's callbacks, and from the journal, that ask nothing. */
type PhoneFact =
  /** The call is taken over from another process. It comes first of all, before the question that brought the call here. */
  | { readonly type: 'call.restored'; readonly memory: CallMemory }
  /** The status callback: the phone call is over (TW-HOOK-5). */
  | { readonly type: 'call.completed' }
  /** The status callback of a recording, which comes when Twilio has stored it (TW-TWIML-5). `url` is null when there is none. */
  | {
      readonly type: 'recording.stored';
      readonly status: RecordingStatus;
      readonly durationMs: number;
      readonly recordingSid: string;
      readonly url: string | null;
    };

/** Facts from the media stream, and from the REST calls that control the phone call. */
type StreamFact =
  | { readonly type: 'stream.started'; readonly streamSid: string }
  /** Caller audio: 8 kHz mu-law. `timestampMs` counts from the stream's start (TW-STREAM-4). */
  | {
      readonly type: 'stream.media';
      readonly sequence: number;
      readonly timestampMs: number;
      readonly audio: Uint8Array;
    }
  | { readonly type: 'stream.dtmf'; readonly digit: string }
  | { readonly type: 'stream.marked'; readonly name: string }
  /** Twilio says that the stream ends. The phone call may live on (TW-CLOSE-2). */
  | { readonly type: 'stream.stopped' }
  | { readonly type: 'stream.closed'; readonly code: number }
  /** A frame that cannot be used: counted and skipped. */
  | { readonly type: 'stream.frameRejected'; readonly fault: ErrorCode }
  | { readonly type: 'telephony.updated' }
  /** `callOver`: the update failed because the phone call had ended (TW-REST-2). */
  | { readonly type: 'telephony.failed'; readonly fault: ErrorCode; readonly callOver: boolean };

/**
 * What may help after a session was lost, told from its close code and reason (GM-CLOSE-1). `later`: the service has no room just now.
 * `none`: no session will work.
 */
export type ModelRemedy = 'resume' | 'fresh' | 'later' | 'otherModel' | 'none';

/** Facts from the model session. `jitter`, 0 to 1, spreads the next tries of calls that lost their sessions together. */
type ModelFact =
  | { readonly type: 'model.opened' }
  | {
      readonly type: 'model.openFailed';
      readonly fault: ErrorCode;
      readonly remedy: ModelRemedy;
      readonly jitter: number;
    }
  | {
      readonly type: 'model.closed';
      readonly code: number;
      readonly reason: string;
      readonly remedy: ModelRemedy;
      readonly jitter: number;
    }
  | { readonly type: 'model.frameRejected'; readonly fault: ErrorCode }
  /** Agent audio: 24 kHz PCM16 little-endian, cut at any byte (GM-AUDIO-2). */
  | { readonly type: 'model.audio'; readonly pcm: Uint8Array }
  /** Text parts of an audio session are thoughts: never spoken, kept for the log. */
  | { readonly type: 'model.text'; readonly text: string }
  | { readonly type: 'model.interrupted' }
  | { readonly type: 'model.generationCompleted' }
  | { readonly type: 'model.turnCompleted'; readonly reason: string | null }
  /** The model chose to say nothing yet. */
  | { readonly type: 'model.waitingForInput' }
  /** A model that works in the background may complete several turns before it is idle (GM-TURN-1). */
  | { readonly type: 'model.interaction'; readonly status: 'working' | 'idle' }
  | { readonly type: 'model.callerTranscript'; readonly text: string }
  | { readonly type: 'model.agentTranscript'; readonly text: string }
  | { readonly type: 'model.toolCalled'; readonly calls: readonly ToolCall[] }
  /** A tool call with more arguments than any tool takes. It is answered, like every call, and the arguments are not kept. */
  | { readonly type: 'model.toolRejected'; readonly id: string; readonly name: string }
  | { readonly type: 'model.toolCancelled'; readonly ids: readonly string[] }
  | { readonly type: 'model.usage'; readonly usage: ModelUsage }
  | { readonly type: 'model.goingAway'; readonly timeLeftMs: number }
  | { readonly type: 'model.resumptionUpdated'; readonly handle: string | null; readonly resumable: boolean }
  | { readonly type: 'model.voiceActivity'; readonly activity: 'start' | 'end' };

/** What an operator orders of the call. Exactly one `request.answer` effect says at once whether it is taken. */
export type OperatorOrder =
  /** The call shall end at once. */
  | { readonly type: 'operator.hungUp' }
  /** The caller shall be connected with a destination, by its name. */
  | { readonly type: 'operator.transferred'; readonly destination: string }
  /** The agent shall know this, at most `noteCharsMax` characters. The caller does not hear of it. */
  | { readonly type: 'operator.noted'; readonly text: string }
  /** The agent shall say this word for word, at most `sentenceCharsMax` characters. */
  | { readonly type: 'operator.said'; readonly text: string };

/** The caller shows a picture, a JPEG of so many bytes. The host keeps it; it is answered as an order is. */
type PictureFact = { readonly type: 'caller.pictured'; readonly bytes: number };

/** Facts that are answered by exactly one `request.answer`. */
export type CallRequest = OperatorOrder | PictureFact;

/** Facts from tools and from the service around the call. */
type LocalFact =
  | {
      readonly type: 'tool.finished';
      readonly id: string;
      readonly response: ToolResponse;
      readonly scheduling: ToolScheduling;
      readonly leave: LeaveOrder | null;
    }
  | { readonly type: 'tool.failed'; readonly id: string; readonly fault: ErrorCode; readonly message: string }
  /** Calls come in faster than sessions may be opened for them. Comes first: the first session waits for the stream. */
  | { readonly type: 'service.crowded' }
  /** The service shuts down and has waited long enough: this call goes to its fallback. */
  | { readonly type: 'service.drained' }
  /**
   * Time has passed; some deadline may be due. Early and late ticks do no harm. `lateMs`: the process was busy for so long, and what arrived
   * meanwhile may lie unread; left out when it was in time, and everything that had arrived was handled.
   */
  | { readonly type: 'tick'; readonly lateMs?: number };

/** What happened, without its time. `twilio`, `gemini` and the host make these. */
export type CallFact = CallQuestion | CalleeQuestion | PhoneFact | StreamFact | ModelFact | LocalFact | CallRequest;

/** What happened and when: `atMs` is the time since the call's first webhook, stamped by the host; it never goes back. */
export type CallEvent = CallFact & { readonly atMs: number };
