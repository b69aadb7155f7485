import type { CallEvent } from '../call/events.ts';
import { calleeStates } from '../call/phone/callee-state.ts';
import { errors, ParleyError } from '../errors.ts';
import { eventTable, type FieldKind } from './event-table.ts';

/** The names of all events. */
export const eventTypes: readonly string[] = Object.keys(eventTable);

/** The members of an event beside `type` and `atMs`, with their kinds; null for an event that this version does not know. */
export function fieldsOf(type: unknown): readonly (readonly [string, FieldKind])[] | null {
  return typeof type === 'string' ? (fieldsByType.get(type) ?? null) : null;
}

const fieldsByType: ReadonlyMap<string, readonly (readonly [string, FieldKind])[]> = new Map(
  Object.entries(eventTable).map(([type, { fields }]) => [type, Object.entries(fields)]),
);

/** Holds a value to the shape of its event. Calls `complain` with what is wrong; it must throw, and does so with `log.invalid` by itself. */
export function assertEvent(value: unknown, complain = refuse): asserts value is CallEvent {
  if (!isObject(value)) return complain('an event is not an object');
  const { type, atMs } = value;
  const fields = fieldsOf(type);
  if (fields === null) return complain(`${JSON.stringify(type ?? null)} is no event of this version`);
  if (!isNumber(atMs)) complain(`the "atMs" of "${String(type)}" is not a number`);
  for (const [name, kind] of fields) {
    const { wants, holds } = kinds[kind];
    if (!holds(value[name])) complain(`the "${name}" of "${String(type)}" is not ${wants}`);
  }
}

function refuse(what: string): never {
  throw new ParleyError('log.invalid', what);
}

/** How a kind is checked, and how it is called in a message. */
const kinds: { readonly [Kind in FieldKind]: { readonly wants: string; readonly holds: (value: unknown) => boolean } } =
  {
    number: { wants: 'a number', holds: isNumber },
    numberOrNull: { wants: 'a number or null', holds: (value) => value === null || isNumber(value) },
    numberOrNone: { wants: 'a number, or left out', holds: (value) => value === undefined || isNumber(value) },
    flag: { wants: 'true or false', holds: isFlag },
    text: { wants: 'a text', holds: isText },
    textOrNull: { wants: 'a text or null', holds: isTextOrNull },
    id: { wants: 'a text', holds: isText },
    idOrNull: { wants: 'a text or null', holds: isTextOrNull },
    ids: { wants: 'a list of texts', holds: (value) => Array.isArray(value) && value.every(isText) },
    mark: { wants: 'a text', holds: isText },
    fault: { wants: 'an error code', holds: (value) => isText(value) && Object.hasOwn(errors, value) },
    outcome: {
      wants: 'an outcome of a dialled leg',
      holds: isOneOf('connected', 'busy', 'noAnswer', 'failed', 'canceled'),
    },
    recordingStatus: {
      wants: 'what became of a recording',
      holds: isOneOf('completed', 'absent', 'failed'),
    },
    remedy: {
      wants: 'what helps after a lost session',
      holds: isOneOf('resume', 'fresh', 'later', 'otherModel', 'none'),
    },
    activity: { wants: '"start" or "end"', holds: isOneOf('start', 'end') },
    work: { wants: '"working" or "idle"', holds: isOneOf('working', 'idle') },
    mulaw: { wants: 'audio', holds: isAudio },
    pcm: { wants: 'audio', holds: isAudio },
    toolCalls: { wants: 'a list of tool calls', holds: (value) => Array.isArray(value) && value.every(isToolCall) },
    record: { wants: 'an object', holds: isObject },
    leave: { wants: 'an order to leave, or null', holds: (value) => value === null || isLeaveOrder(value) },
    scheduling: { wants: 'when an answer is spoken', holds: isOneOf('silent', 'whenIdle', 'interrupt') },
    usage: { wants: 'an object of token counts', holds: isUsage },
    memory: { wants: 'what is left of a call', holds: isMemory },
  };

/** A JSON object: neither null nor a list. */
export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** JSON can write numbers that are too large to be one, so finiteness is checked too. */
export function isNumber(value: unknown): value is number {
  return typeof value === 'number' && Number.isFinite(value);
}

export function isText(value: unknown): value is string {
  return typeof value === 'string';
}

export function isTextOrNull(value: unknown): value is string | null {
  return value === null || isText(value);
}

function isFlag(value: unknown): boolean {
  return typeof value === 'boolean';
}

function isAudio(value: unknown): boolean {
  return value instanceof Uint8Array;
}

function isOneOf(...texts: readonly string[]): (value: unknown) => boolean {
  return (value) => isText(value) && texts.includes(value);
}

function isToolCall(value: unknown): boolean {
  return isObject(value) && isText(value.id) && isNamedCall(value);
}

function isLeaveOrder(value: unknown): boolean {
  if (!isObject(value)) return false;
  if (value.kind === 'transfer') return isText(value.destination) && isTextOrNull(value.reason);
  return value.kind === 'hangUp' || value.kind === 'message';
}

const isCalleeState = isOneOf(...calleeStates);

function isMemory(value: unknown): boolean {
  if (!isObject(value) || !isCalleeState(value.callee)) return false;
  if (!isNumber(value.elapsedMs) || !isNumber(value.streamNumber) || !isObject(value.instruction)) return false;
  const { handle, items, writes = [] } = value;
  const isHandle = handle === null || (isObject(handle) && isText(handle.value) && isNumber(handle.atMs));
  return (
    isHandle && isText(value.instruction.kind) && Array.isArray(items) && items.every(isMemoryItem) && areWrites(writes)
  );
}

function areWrites(value: unknown): boolean {
  return (
    Array.isArray(value) &&
    value.every(
      (write) => isObject(write) && isNamedCall(write.call) && (isText(write.outcome) || isObject(write.outcome)),
    )
  );
}

function isNamedCall(value: unknown): boolean {
  return isObject(value) && isText(value.name) && isObject(value.args);
}

function isMemoryItem(value: unknown): boolean {
  if (!isObject(value) || !isNumber(value.atMs)) return false;
  if (value.kind === 'said')
    return isText(value.text) && isFlag(value.cut) && isOneOf('caller', 'agent')(value.speaker);
  if (value.kind === 'noted') return isText(value.text);
  const { call } = value;
  return value.kind === 'tool' && isObject(value.response) && isNamedCall(call);
}

function isUsage(value: unknown): boolean {
  if (!isObject(value)) return false;
  const { promptByModality, responseByModality, ...totals } = value;
  return (
    ['promptTokens', 'responseTokens', 'thoughtsTokens', 'totalTokens'].every((name) => isNumber(totals[name])) &&
    [promptByModality, responseByModality].every((counts) => isObject(counts) && Object.values(counts).every(isNumber))
  );
}
