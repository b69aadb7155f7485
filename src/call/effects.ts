import type { DialTarget } from './phone/destination.ts';
import type { RequestRefusal } from './operator/request-refusal.ts';
import type { ToolCall, ToolResponse, ToolScheduling } from './tooling/tool-call.ts';
import type { ToolTerms } from './tooling/tool-terms.ts';

/** Has somebody called, and connects the caller with whoever takes the call. */
export interface DialInstruction {
  readonly kind: 'dial';
  /** Counts what a call dials from 1, so that late news of one can be told from those of the next. 0 where there is no call to count. */
  readonly attempt: number;
  readonly target: DialTarget;
  /** Null for the fallback, which is no transfer. `step`: which one of the destination's targets it is, from 0. */
  readonly transfer: { readonly destination: string; readonly reason: string | null; readonly step: number } | null;
  /** Whether the call must be taken by pressing 1. Whoever answers is asked for that at an address of its own (TW-TWIML-7). */
  readonly mustAccept: boolean;
  readonly say: string | null;
}

/** What Twilio shall do with whoever answers a call that must be taken. */
export type CalleeInstruction =
  /** Says this twice, and waits for a key. `language`: null for the one that Twilio's voice speaks anyway. */
  | { readonly kind: 'ask'; readonly attempt: number; readonly words: string; readonly language: string | null }
  /** The call was taken: the two may speak. */
  | { readonly kind: 'connect' }
  /** Hangs up there. The caller hears nothing of it, and the dialled leg is over. */
  | { readonly kind: 'turnAway' };

/** What Twilio shall do with the phone call next. `say` is spoken first, by Twilio's own voice. */
export type CallInstruction =
  /** `number` counts the streams of a call from 1, so that a late question about an old one can be told from the live one's. */
  | { readonly kind: 'stream'; readonly number: number }
  | DialInstruction
  /** Takes a message of at most this length. */
  | { readonly kind: 'record'; readonly say: string; readonly secondsMax: number }
  | { readonly kind: 'hangUp'; readonly say: string | null }
  | { readonly kind: 'nothing' };

/** One answer to one tool call. */
export interface ToolAnswer {
  readonly id: string;
  readonly name: string;
  readonly response: ToolResponse;
  readonly scheduling: ToolScheduling;
}

/** Which prompt the model is sent. A recorded call pins this and not the words. */
export type PromptName =
  | 'greeting'
  | 'timeIsUp'
  | 'lineDropped'
  | 'callerIsSilent'
  | 'transferFailed'
  | 'answerNow'
  | 'heardOnly'
  | 'goOn'
  | 'goOnUnheard'
  | 'tellResults'
  | 'strayResult'
  | 'operatorNote'
  | 'operatorSentence'
  | 'operatorTransfer';

export type Speaker = 'caller' | 'agent';

/** Why a call ended. */
export type EndReason =
  | 'callerHungUp'
  | 'agentHungUp'
  | 'endedByOperator'
  | 'transferred'
  | 'apologised'
  | 'leftVoicemail'
  | 'streamNeverStarted'
  | 'redirectFailed'
  | 'dialTimedOut';

/** One line of the service's log: an event name and figures, never personal data. */
export interface Note {
  readonly type: 'note';
  readonly level: 'debug' | 'info' | 'warn';
  readonly name: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
}

/** What must be done, in order. */
export type CallEffect =
  /** Answers the webhook that is waiting (TW-HOOK-2). */
  | { readonly type: 'call.answer'; readonly instruction: CallInstruction }
  /** Answers the webhook that asks what to do with the one who was called. */
  | { readonly type: 'callee.answer'; readonly instruction: CalleeInstruction }
  /** Agent audio: 8 kHz mu-law, any length (TW-STREAM-6). */
  | { readonly type: 'stream.media'; readonly audio: Uint8Array }
  | { readonly type: 'stream.mark'; readonly name: string }
  | { readonly type: 'stream.clear' }
  | { readonly type: 'stream.close'; readonly code: number }
  /**
   * Opens a model session: with the handle of an earlier one if there is one (GM-RESUME-1), and with a recap of the call so far in its
   * system instruction. `fallback`: with the fallback model.
   */
  | {
      readonly type: 'model.open';
      readonly handle: string | null;
      readonly recap: string | null;
      readonly fallback: boolean;
    }
  /** The caller's turn begins: until its end, the model hears what it is sent. Only where Parley tells the model that (GM-VAD-6). */
  | { readonly type: 'model.activityStart' }
  /** The caller's turn is over, and wants an answer. */
  | { readonly type: 'model.activityEnd' }
  /** Caller audio: 16 kHz PCM16 little-endian (GM-AUDIO-1). */
  | { readonly type: 'model.sendAudio'; readonly pcm: Uint8Array }
  /** One whole user turn of text, to which the model answers at once (GM-CONTENT-1). `prompts`: which ones it is made of. */
  | { readonly type: 'model.sendText'; readonly prompts: readonly PromptName[]; readonly text: string }
  /** The picture that the caller shows just now, a JPEG of so many bytes (GM-VIDEO-1). The host has it. */
  | { readonly type: 'model.sendPicture'; readonly bytes: number }
  | { readonly type: 'model.answerTools'; readonly answers: readonly ToolAnswer[] }
  | { readonly type: 'model.close' }
  /** `key`: of a write, the same for every attempt to do the same thing, in whatever session and process. */
  | {
      readonly type: 'tool.run';
      readonly call: ToolCall;
      readonly key: string;
      readonly effect: ToolTerms['effect'];
    }
  | { readonly type: 'tool.cancel'; readonly id: string }
  /** Replaces what Twilio is doing, by REST (TW-REST-1). Answered by `telephony.updated` or `telephony.failed`. */
  | { readonly type: 'telephony.update'; readonly instruction: CallInstruction }
  /** Answers an order of an operator, or a picture: why it is refused, or null when it is taken. */
  | { readonly type: 'request.answer'; readonly refusal: RequestRefusal | null }
  /** A line of the conversation is final. The agent's lines hold what the caller heard. */
  | { readonly type: 'transcript.add'; readonly speaker: Speaker; readonly text: string; readonly cut: boolean }
  | Note
  /** The call is over: nothing follows. */
  | { readonly type: 'call.end'; readonly reason: EndReason };
