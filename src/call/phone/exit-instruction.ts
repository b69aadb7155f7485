import type { CallSettings } from '../call-settings.ts';
import type { CallInstruction, CalleeInstruction, DialInstruction } from '../effects.ts';
import type { CalleeQuestion, CallQuestion } from '../events.ts';
import type { CalleeState } from './callee-state.ts';
import { announcementWords, plainTarget } from './destination.ts';
import type { Exit } from './phase.ts';

/** What Twilio is told when the agent's part of a call ends this way. `attempt`: the number of the dialled leg, if one is dialled. */
export function exitInstruction(exit: Exit, settings: CallSettings, attempt = 0): CallInstruction {
  const { apology, fallback } = settings;
  switch (exit.kind) {
    case 'transfer':
      // A destination may be gone from the settings when another process goes on with the call.
      return (
        transferInstruction(exit, 0, settings, attempt) ?? exitInstruction({ kind: 'fallback' }, settings, attempt)
      );
    case 'hangUp':
    case 'operatorHangUp':
      return { kind: 'hangUp', say: null };
    case 'fallback':
      return fallback.number === null
        ? exitInstruction({ kind: 'voicemail' }, settings)
        : fallbackInstruction(fallback.number, apology, attempt);
    case 'message':
      return fallback.voicemail === null
        ? { kind: 'hangUp', say: null }
        : { kind: 'record', say: fallback.voicemail.prompt, secondsMax: fallback.voicemail.secondsMax };
    case 'voicemail':
      if (fallback.voicemail === null) return { kind: 'hangUp', say: apology };
      return {
        kind: 'record',
        say: `${apology} ${fallback.voicemail.prompt}`,
        secondsMax: fallback.voicemail.secondsMax,
      };
  }
}

/** Dials one target of a destination, `step` from 0; null where there is none. */
export function transferInstruction(
  { destination, reason }: Extract<Exit, { kind: 'transfer' }>,
  step: number,
  { destinations }: CallSettings,
  attempt: number,
): DialInstruction | null {
  const place = Object.hasOwn(destinations, destination) ? destinations[destination] : undefined;
  const target = place?.targets[step];
  if (place === undefined || target === undefined) return null;
  const transfer = { destination, reason, step };
  return { kind: 'dial', attempt, target, transfer, mustAccept: place.accept === 'press1', say: null };
}

/**
 * Dials the fallback. Whoever answers has the caller: a fallback must work when Parley does not, and a key can be asked for only by a
 * service that is there.
 */
export function fallbackInstruction(number: string, say: string | null, attempt: number): DialInstruction {
  return { kind: 'dial', attempt, target: plainTarget(number), transfer: null, mustAccept: false, say };
}

/** The exit that an instruction to dial carries out. */
export function exitOf({ transfer }: DialInstruction): Exit {
  return transfer === null
    ? { kind: 'fallback' }
    : { kind: 'transfer', destination: transfer.destination, reason: transfer.reason };
}

/** What Twilio does with the one who is called, once it is known how far that has come. */
export function calleeInstruction(
  state: CalleeState,
  { attempt, transfer }: DialInstruction,
  { destinations, caller }: CallSettings,
): CalleeInstruction {
  if (state === 'accepted') return { kind: 'connect' };
  const place = transfer === null ? undefined : destinations[transfer.destination];
  if (state !== 'asked' || transfer === null || place === undefined) return { kind: 'turnAway' };
  const { destination, reason } = transfer;
  const words = announcementWords(place, { destination, caller, reason });
  return { kind: 'ask', attempt, words, language: place.language };
}

/** What Twilio is told when a message is over. A recording in which nothing was said is no message. */
export function recordedInstruction(
  durationMs: number,
  callOver: boolean,
  { fallback }: CallSettings,
): CallInstruction {
  if (callOver) return { kind: 'nothing' };
  return { kind: 'hangUp', say: durationMs > 0 ? (fallback.voicemail?.thanks ?? null) : null };
}

/** What Twilio is told when no call can answer its question: it crashed, or is not known here. Nobody is left in silence. */
export function orphanInstruction(question: CallQuestion, settings: CallSettings): CallInstruction;
export function orphanInstruction(
  question: CallQuestion | CalleeQuestion,
  settings: CallSettings,
): CallInstruction | CalleeInstruction;
export function orphanInstruction(
  question: CallQuestion | CalleeQuestion,
  settings: CallSettings,
): CallInstruction | CalleeInstruction {
  switch (question.type) {
    case 'call.received':
      return exitInstruction({ kind: 'fallback' }, settings);
    case 'connect.ended':
      return question.callOver ? { kind: 'nothing' } : exitInstruction({ kind: 'fallback' }, settings);
    case 'dial.ended':
      if (question.callOver) return { kind: 'nothing' };
      return question.outcome === 'connected'
        ? { kind: 'hangUp', say: null }
        : exitInstruction({ kind: 'voicemail' }, settings);
    case 'record.ended':
      return recordedInstruction(question.durationMs, question.callOver, settings);
    case 'callee.answered':
    case 'callee.keyed':
      // There is nobody whom a person could be connected with.
      return { kind: 'turnAway' };
  }
}
