import type { CallSettings } from '../call-settings.ts';
import type { CallDocument } from '../effects.ts';
import type { CallQuestion } from '../events.ts';
import type { Exit } from './phase.ts';

/** What Twilio is told when the agent's part of a call ends this way. */
export function exitDocument(exit: Exit, settings: CallSettings): CallDocument {
  const { apology, fallback } = settings;
  switch (exit.kind) {
    case 'transfer':
      return { kind: 'dial', number: exit.number, say: null };
    case 'hangUp':
      return { kind: 'hangUp', say: null };
    case 'fallback':
      return fallback.number === null
        ? exitDocument({ kind: 'voicemail' }, settings)
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

/** The exit that such a document carries out. Only the fallback begins with an apology; the same person may be a destination, too. */
export function exitOf(dial: Extract<CallDocument, { kind: 'dial' }>, { destinations }: CallSettings): Exit {
  const [destination] = Object.entries(destinations).find(([, number]) => number === dial.number) ?? [];
  if (dial.say !== null || destination === undefined) return { kind: 'fallback' };
  return { kind: 'transfer', destination, number: dial.number };
}

/** What Twilio is told when a message is over. A recording in which nothing was said is no message. */
export function recordedDocument(durationMs: number, callOver: boolean, { fallback }: CallSettings): CallDocument {
  if (callOver) return { kind: 'nothing' };
  return { kind: 'hangUp', say: durationMs > 0 ? (fallback.voicemail?.thanks ?? null) : null };
}

/** What Twilio is told when no call can answer its question: it crashed, or is not known here. Nobody is left in silence. */
export function orphanDocument(question: CallQuestion, settings: CallSettings): CallDocument {
  switch (question.type) {
    case 'call.received':
      return exitDocument({ kind: 'fallback' }, settings);
    case 'connect.ended':
      return question.callOver ? { kind: 'nothing' } : exitDocument({ kind: 'fallback' }, settings);
    case 'dial.ended':
      if (question.callOver) return { kind: 'nothing' };
      return question.outcome === 'connected'
        ? { kind: 'hangUp', say: null }
        : exitDocument({ kind: 'voicemail' }, settings);
    case 'record.ended':
      return recordedDocument(question.durationMs, question.callOver, settings);
  }
}
