import { errors } from '../../errors.ts';
import type { CallEvent } from '../../call/events.ts';
import type { RecordedEffect } from '../log-format.ts';
import type { EventKind } from './recorded-timeline.ts';

const ofEvent: { readonly [Type in CallEvent['type']]?: EventKind } = {
  'model.opened': 'session',
  'model.closed': 'session',
  'model.interrupted': 'interruption',
  'model.toolCancelled': 'tool',
  // The story tells of a frame only when sound before it is missing.
  'stream.media': 'fault',
  'service.drained': 'fault',
  'operator.hungUp': 'operator',
  'operator.transferred': 'operator',
  'operator.noted': 'operator',
  'operator.said': 'operator',
};

/** What a line of the story is that an event gave. */
export function kindOfEvent({ type }: CallEvent): EventKind {
  return ofEvent[type] ?? 'phone';
}

const ofEffect: ReadonlyMap<string, EventKind> = new Map([
  ['stream.media', 'turn'],
  ['transcript.add', 'turn'],
  ['model.open', 'session'],
  ['model.close', 'session'],
  ['model.sendText', 'other'],
  ['tool.run', 'tool'],
  ['model.answerTools', 'tool'],
  ['tool.cancel', 'tool'],
  ['request.answer', 'operator'],
]);

const ofNote: ReadonlyMap<string, EventKind> = new Map([
  ['bargeIn', 'interruption'],
  ['wordsSaidAgain', 'recovery'],
  ['modelLost', 'fault'],
  ['gaveUp', 'fault'],
  ['modelReopened', 'recovery'],
  ['modelRotated', 'recovery'],
  ['escalated', 'recovery'],
]);

/** What a line of the story is that an effect gave. */
export function kindOfEffect({ type, name, level }: RecordedEffect): EventKind {
  if (type === 'note') return ofNote.get(String(name)) ?? (level === 'warn' ? 'fault' : 'other');
  return ofEffect.get(type) ?? 'phone';
}

/** What failed, in words, where the story leaves that to the notes; null for whatever is no such failure. */
export function faultText(event: CallEvent): string | null {
  switch (event.type) {
    case 'model.openFailed':
    case 'tool.failed':
    case 'telephony.failed':
      return `${event.fault}: ${errors[event.fault].what}`;
    default:
      return null;
  }
}
