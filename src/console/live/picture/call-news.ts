import type { CallEffect, CallInstruction } from '../../../call/effects.ts';
import { refusalReasons } from '../../../call/operator/request-refusal.ts';
import type { CallEvent } from '../../../call/events.ts';
import { noteWords } from '../../../calllog/story/note-words.ts';
import { errors } from '../../../errors.ts';

/** What happened on a call, in words. */
export interface News {
  readonly text: string;
  readonly isTrouble: boolean;
}

/** The notes that whoever watches a call wants to read, and which of them tell of trouble. */
const notes: ReadonlyMap<string, 'plain' | 'trouble'> = new Map([
  ['bargeIn', 'plain'],
  ['wordsSaidAgain', 'plain'],
  ['modelRotated', 'plain'],
  ['modelReopened', 'plain'],
  ['callerAsked', 'plain'],
  ['escalated', 'trouble'],
  ['gaveUp', 'trouble'],
  ['marksLost', 'trouble'],
]);

/** What an event says to whoever watches the call; null for what has a place of its own on the page, or is no news. */
export function newsOfEvent(event: CallEvent): News | null {
  switch (event.type) {
    case 'call.restored':
      return plain('This process took the call over from one that is gone.');
    case 'stream.dtmf':
      return plain(`The caller presses ${event.digit}.`);
    case 'stream.closed':
      return event.code === 1000 ? null : trouble(`The line to Twilio was lost (${event.code}).`);
    case 'stream.frameRejected':
    case 'model.frameRejected':
    case 'model.openFailed':
    case 'telephony.failed':
      return trouble(`${errors[event.fault].what} (${event.fault})`);
    case 'model.closed':
      return trouble(`The model closed the session (${event.code})${event.reason === '' ? '.' : `: ${event.reason}`}`);
    case 'model.opened':
      return plain('The model is ready.');
    case 'model.toolRejected':
      return trouble(`The model called ${event.name} with more arguments than any tool takes.`);
    case 'callee.answered':
      return plain('Somebody answers, and is asked to press 1.');
    case 'callee.keyed':
      return plain(event.key === null ? 'Nothing is pressed there.' : `The key ${event.key} is pressed there.`);
    case 'operator.hungUp':
      return plain('An operator hangs up.');
    case 'operator.transferred':
      return plain(`An operator sends the caller to ${event.destination}.`);
    case 'operator.noted':
      return plain(`An operator tells the agent: ${event.text}`);
    case 'operator.said':
      return plain(`An operator has the agent say: ${event.text}`);
    case 'service.drained':
      return trouble('The service shuts down: the call goes to its fallback.');
    default:
      return null;
  }
}

/** The same of what the call orders. */
export function newsOfEffect(effect: CallEffect): News | null {
  switch (effect.type) {
    case 'request.answer':
      return effect.refusal === null ? null : plain(`Refused: ${refusalReasons[effect.refusal]}`);
    case 'call.answer':
    case 'telephony.update':
      return instructionNews(effect.instruction);
    case 'note': {
      if (effect.name === 'dialEnded') return dialNews(String(effect.fields['outcome']));
      const kind = notes.get(effect.name);
      return kind === undefined
        ? null
        : { text: `Parley ${noteWords(effect.name, effect.fields)}.`, isTrouble: kind === 'trouble' };
    }
    default:
      return null;
  }
}

function instructionNews(instruction: CallInstruction): News | null {
  switch (instruction.kind) {
    case 'stream':
      return instruction.number === 1 ? null : plain('The caller comes back to the agent.');
    case 'dial': {
      const { transfer } = instruction;
      if (transfer === null) return plain('The fallback number is dialled.');
      const which = transfer.step === 0 ? '' : `, number ${transfer.step + 1}`;
      return plain(`${transfer.destination} is dialled${which}.`);
    }
    case 'record':
      return plain('The caller may leave a message.');
    case 'hangUp':
      return plain('Parley hangs up.');
    case 'nothing':
      return null;
  }
}

function dialNews(outcome: string): News {
  const words = new Map([
    ['connected', 'The transfer was taken, and that call is over.'],
    ['busy', 'Nobody took the transfer: the line was busy.'],
    ['noAnswer', 'Nobody took the transfer.'],
    ['declined', 'Nobody took the transfer: whoever answered did not want it.'],
    ['notAccepted', 'Nobody took the transfer: it was answered, and 1 was not pressed.'],
    ['canceled', 'The caller left before the transfer was taken.'],
  ]);
  return { text: words.get(outcome) ?? 'The transfer could not be dialled.', isTrouble: outcome === 'failed' };
}

function plain(text: string): News {
  return { text, isTrouble: false };
}

function trouble(text: string): News {
  return { text, isTrouble: true };
}
