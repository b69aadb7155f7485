import { errors } from '../../errors.ts';
import { eventTypes, isObject } from '../event-fields.ts';
import { shapeOf } from './stand-ins.ts';

/** The words of an event that are the program's own. */
const ownWords: ReadonlySet<string> = new Set([
  ...eventTypes,
  ...Object.keys(errors),
  'connected',
  'busy',
  'noAnswer',
  'failed',
  'canceled',
  'completed',
  'absent',
  'resume',
  'fresh',
  'otherModel',
  'none',
  'ringing',
  'asked',
  'accepted',
  'declined',
  'silent',
  'transfer',
  'hangUp',
  'message',
  'start',
  'end',
  'silent',
  'whenIdle',
  'interrupt',
  'told',
  'unknown',
  'working',
  'idle',
]);

/** The names that a call gives its marks. */
const ownMark = /^g\d+\.\d+$/;

/** Whether a member is filled by a tool, the model or the admin: its keys and numbers are as personal as its texts. */
export function isForeignMember(key: string): boolean {
  return key === 'args' || key === 'response' || key === 'outcome' || key === 'destinations';
}

/** Whether a text belongs to the program and not to a call. */
export function isOwnText(text: string): boolean {
  return ownWords.has(text) || ownMark.test(text);
}

/**
 * A JSON value without anything that a person or a remote said: of each text only the shape is left, unless it is the program's own or
 * `kept`. Sound stays.
 */
export function blank(value: unknown, kept: ReadonlySet<string>, isForeign = false): unknown {
  if (typeof value === 'string') return isOwnText(value) || kept.has(value) ? value : shapeOf(value);
  if (typeof value === 'number') return isForeign ? 0 : value;
  if (Array.isArray(value)) return value.map((item: unknown) => blank(item, kept, isForeign));
  if (!isObject(value) || value instanceof Uint8Array) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      isForeign ? shapeOf(key) : key,
      blank(member, kept, isForeign || isForeignMember(key)),
    ]),
  );
}
