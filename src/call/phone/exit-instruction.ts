import type { CallSettings } from '../call-settings.ts';
import type { CallInstruction } from '../effects.ts';
import type { CallQuestion } from '../events.ts';
import type { Exit } from './phase.ts';

/** What Twilio is told when the agent's part of a call ends this way. */
export function exitInstruction(exit: Exit, settings: CallSettings): CallInstruction {
  const { apology, fallback } = settings;
  switch (exit.kind) {
    case 'transfer':
      return { kind: 'dial', number: exit.number, say: null };
    case 'hangUp':
    case 'operatorHangUp':
      return { kind: 'hangUp', say: null };
    case 'fallback':
      return fallback.number === null
        ? exitInstruction({ kind: 'voicemail' }, settings)
        : { kind: 'dial', number: fallback.number, say: apology };
    case 'voicemail':
      if (fallback.voicemail === null) return { kind: 'hangUp', say: apology };
      return {
        kind: 'record',
        say: `${apology} ${fallback.voicemail.prompt}`,
        secondsMax: fallback.voicemail.secondsMax,
      };
  }
}

/**
 * The exit that an instruction to dial carries out. Only the fallback begins with an apology, which tells it from a transfer to the same
 * number.
 */
export function exitOf(dial: Extract<CallInstruction, { kind: 'dial' }>, { destinations }: CallSettings): Exit {
  const [destination] = Object.entries(destinations).find(([, number]) => number === dial.number) ?? [];
  if (dial.say !== null || destination === undefined) return { kind: 'fallback' };
  return { kind: 'transfer', destination, number: dial.number };
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
export function orphanInstruction(question: CallQuestion, settings: CallSettings): CallInstruction {
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
  }
}
