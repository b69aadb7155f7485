import type { DialOutcome } from '../events.ts';
import type { DialInstruction, EndReason } from '../effects.ts';
import type { CalleeState } from './callee-state.ts';
import type { Goodbye } from './goodbye.ts';

/** How the agent's part of a call ends. */
export type Exit =
  | { readonly kind: 'transfer'; readonly destination: string; readonly reason: string | null }
  | { readonly kind: 'hangUp' }
  /** At once, without a goodbye. */
  | { readonly kind: 'operatorHangUp' }
  /** Nobody is reached at this hour: the caller may leave a message, without an apology. */
  | { readonly kind: 'message' }
  /** Apologise, then the fallback number; without one, as `voicemail`. */
  | { readonly kind: 'fallback' }
  /** Nobody is there: apologise and take a message, or say goodbye. */
  | { readonly kind: 'voicemail' };

/** How an attempt ended that reached nobody. */
export type MissedOutcome = Exclude<DialOutcome, 'connected'>;

/** A transfer that did not reach anybody, about which the model is told when the caller is back. */
export interface FailedTransfer {
  readonly destination: string;
  /** Of each that was called, in order. After a takeover, those that the earlier process had called are missing. */
  readonly outcomes: readonly MissedOutcome[];
}

/**
 * Where the phone call is. A stream's end is not the call's end: the call waits `betweenStreams` for Twilio's question what
 * comes next (TW-CLOSE-1), and may come back with a new stream.
 */
export type Phase =
  /** Nobody has asked us anything yet. */
  | { readonly name: 'ringing' }
  /** Twilio was told to open a stream. `exit`: decided meanwhile, and carried out when the stream is there. */
  | { readonly name: 'awaitingStream'; readonly exit: Exit | null; readonly failedTransfer: FailedTransfer | null }
  | { readonly name: 'talking' }
  /** The exit is decided; the caller still hears the goodbye. */
  | { readonly name: 'leaving'; readonly exit: Exit; readonly goodbye: Goodbye }
  | { readonly name: 'betweenStreams'; readonly exit: Exit | null }
  /** Twilio did not ask what comes next, so it is told by REST. */
  | { readonly name: 'redirecting'; readonly exit: Exit }
  /** `callee`: how far the one who is called has come. `missed`: how those ended who were called before, for the same exit. */
  | {
      readonly name: 'dialling';
      readonly exit: Exit;
      readonly dial: DialInstruction;
      readonly callee: CalleeState;
      readonly missed: readonly MissedOutcome[];
    }
  /** Twilio takes a message. Whether one was left is often known only after the caller has gone. */
  | { readonly name: 'recording'; readonly exit: Exit; readonly caller: 'there' | 'gone' }
  | { readonly name: 'ended'; readonly reason: EndReason };

/** The reason with which a call ends once its exit has been carried out. */
export function endReason(exit: Exit | null): EndReason {
  switch (exit?.kind) {
    case undefined:
      return 'callerHungUp';
    case 'transfer':
      return 'transferred';
    case 'hangUp':
    case 'message':
      return 'agentHungUp';
    case 'operatorHangUp':
      return 'endedByOperator';
    case 'fallback':
    case 'voicemail':
      return 'apologised';
  }
}
