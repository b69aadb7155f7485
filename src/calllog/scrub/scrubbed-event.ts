import type { CallEvent } from '../../call/events.ts';
import { isOwnText } from './blank.ts';
import { assertEvent, fieldsOf, isObject } from '../event-fields.ts';
import type { FieldKind } from '../event-table.ts';
import { standInPcm } from './stand-in-sound.ts';
import type { StandInCaller } from './stand-in-caller.ts';
import type { TextReplacement } from './stand-ins.ts';

/** An event with stand-ins for everything that a person or a remote said. Without one for the caller's voice all sound stays as it is. */
export function scrubbedEvent(event: CallEvent, standIns: TextReplacement, caller: StandInCaller | null): CallEvent {
  const members = new Map<string, unknown>(Object.entries(event));
  const fields = fieldsOf(event.type) ?? [];
  const scrubbed: unknown = Object.fromEntries([
    ['type', event.type],
    ...fields.map(([name, kind]) => [name, scrubbedMember(kind, members.get(name), standIns, caller)]),
    ['atMs', event.atMs],
  ]);
  assertEvent(scrubbed);
  return scrubbed;
}

function scrubbedMember(
  kind: FieldKind,
  value: unknown,
  standIns: TextReplacement,
  caller: StandInCaller | null,
): unknown {
  switch (kind) {
    case 'number':
    case 'numberOrNone':
    case 'numberOrNull':
    case 'flag':
    case 'fault':
    case 'outcome':
    case 'recordingStatus':
    case 'remedy':
    case 'activity':
    case 'work':
      return value;
    case 'text':
    case 'textOrNull':
      return typeof value === 'string' ? standIns.text(value) : value;
    case 'mark':
      // Whatever else comes back as a mark is not ours.
      return typeof value !== 'string' || isOwnText(value) ? value : standIns.name(value);
    case 'id':
    case 'idOrNull':
      return named(value, standIns);
    case 'ids':
      return Array.isArray(value) ? value.map((id: unknown) => named(id, standIns)) : value;
    case 'mulaw':
      return caller === null || !(value instanceof Uint8Array) ? value : caller.replace(value);
    case 'pcm':
      return caller === null || !(value instanceof Uint8Array) ? value : standInPcm(value);
    case 'toolCalls':
      return Array.isArray(value) ? value.map((call: unknown) => scrubbedToolCall(call, standIns)) : value;
    case 'record':
      return scrubbedData(value, standIns);
    case 'scheduling':
      return value;
    case 'leave':
      return isObject(value) && 'destination' in value
        ? { ...value, destination: named(value.destination, standIns), reason: scrubbedData(value.reason, standIns) }
        : value;
    case 'usage':
      return scrubbedUsage(value, standIns);
    case 'memory':
      return scrubbedMemory(value, standIns);
  }
}

function named(value: unknown, standIns: TextReplacement): unknown {
  return typeof value === 'string' ? standIns.name(value) : value;
}

/** The tool's name stays: it is the operator's code, and tells the reader of a fixture what happens. */
function scrubbedToolCall(call: unknown, standIns: TextReplacement): unknown {
  if (!isObject(call)) return call;
  return { id: named(call.id, standIns), name: call.name, args: scrubbedData(call.args, standIns) };
}

/** The words, results and numbers of another process's part of the call. */
function scrubbedMemory(value: unknown, standIns: TextReplacement): unknown {
  if (!isObject(value) || !Array.isArray(value.items)) return value;
  const { handle, instruction, streamNumber, callee, elapsedMs } = value;
  return {
    items: value.items.map((item: unknown) => scrubbedItem(item, standIns)),
    handle: isObject(handle) ? { ...handle, value: named(handle.value, standIns) } : null,
    instruction: scrubbedDocument(instruction, standIns),
    streamNumber,
    callee,
    elapsedMs,
    ...(Array.isArray(value.writes) && {
      writes: value.writes.map((write: unknown) => scrubbedWrite(write, standIns)),
    }),
  };
}

function scrubbedItem(item: unknown, standIns: TextReplacement): unknown {
  if (!isObject(item)) return item;
  if (item.kind === 'said' || item.kind === 'noted') return { ...item, text: scrubbedData(item.text, standIns) };
  const { kind, atMs, call, response } = item;
  const scrubbedCall = isObject(call) ? { name: call.name, args: scrubbedData(call.args, standIns) } : call;
  return { kind, atMs, call: scrubbedCall, response: scrubbedData(response, standIns) };
}

/** Texts but for the kinds are numbers, names, reasons and prompts. */
function scrubbedDocument(instruction: unknown, standIns: TextReplacement): unknown {
  if (!isObject(instruction)) return named(instruction, standIns);
  return Object.fromEntries(
    Object.entries(instruction).map(([key, member]) => [
      key,
      key === 'kind' ? member : scrubbedDocument(member, standIns),
    ]),
  );
}

/** The keys of what tools get and give are replaced too: they may be the columns of a table, or names. */
function scrubbedData(value: unknown, standIns: TextReplacement): unknown {
  if (typeof value === 'string') return standIns.text(value);
  if (typeof value === 'number') return scrubbedNumber(value, standIns);
  if (Array.isArray(value)) return value.map((item: unknown) => scrubbedData(item, standIns));
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [standIns.text(key), scrubbedData(member, standIns)]),
  );
}

/** As many digits as before. A number that is written with an exponent is no number that anybody would know. */
function scrubbedNumber(value: number, standIns: TextReplacement): number {
  const digits = String(value);
  return /^-?\d+(?:\.\d+)?$/.test(digits) ? Number(standIns.text(digits)) : 0;
}

/** Counts are not personal, and the names of modalities are the model's. */
function scrubbedUsage(value: unknown, standIns: TextReplacement): unknown {
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [
      key,
      isObject(member)
        ? Object.fromEntries(Object.entries(member).map(([modality, count]) => [standIns.text(modality), count]))
        : member,
    ]),
  );
}

function scrubbedWrite(write: unknown, standIns: TextReplacement): unknown {
  if (!isObject(write) || !isObject(write.call)) return write;
  const { call, outcome } = write;
  return {
    call: { name: call.name, args: scrubbedData(call.args, standIns) },
    outcome: isObject(outcome) ? scrubbedData(outcome, standIns) : outcome,
  };
}
