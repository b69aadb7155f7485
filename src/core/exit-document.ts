import type { CallSettings } from './call-settings.ts';
import type { CallDocument } from './effects.ts';
import type { Exit } from './phase.ts';

/** What Twilio is told when the agent's part of a call ends this way. */
export function exitDocument(exit: Exit, settings: CallSettings): CallDocument {
  switch (exit.kind) {
    case 'transfer':
      return { kind: 'dial', number: exit.number, say: null };
    case 'hangUp':
      return { kind: 'hangUp', say: null };
    case 'fallback':
      return settings.fallbackDestination === null
        ? { kind: 'hangUp', say: settings.apology }
        : { kind: 'dial', number: settings.fallbackDestination, say: settings.apology };
  }
}
