import type { TwilioCode } from '../twilio-codes.ts';

/** A frame of ours as Twilio takes it, or the warning with which it is ignored. */
export type ServerFrame =
  | { readonly type: 'media'; readonly audio: Uint8Array }
  | { readonly type: 'mark'; readonly name: string }
  | { readonly type: 'clear' }
  | { readonly type: 'ignored'; readonly code: TwilioCode; readonly detail: string };

/** The fields of each message, no more and no less: Twilio ignores a message with a missing or an extra field (TW-STREAM-5). */
const fieldsOf: ReadonlyMap<unknown, readonly string[]> = new Map([
  ['media', ['event', 'streamSid', 'media']],
  ['mark', ['event', 'streamSid', 'mark']],
  ['clear', ['event', 'streamSid']],
]);
const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** Judges a frame that the server sent on the stream `streamSid`: text is a string, a binary frame bytes (TW-STREAM-5). */
export function readServerFrame(data: string | Uint8Array, streamSid: string): ServerFrame {
  if (typeof data !== 'string') return { type: 'ignored', code: 31950, detail: `${String(data.length)} bytes` };
  const message = parseObject(data);
  if (message === null) return invalid('not a JSON object');
  const { event } = message;
  const fields = fieldsOf.get(event);
  if (fields === undefined) return invalid(`event ${JSON.stringify(event)}`);
  const wrongField = firstWrongField(message, fields);
  if (wrongField !== null) return invalid(`${String(event)}: ${wrongField}`);
  if (message['streamSid'] !== streamSid) return invalid(`${String(event)}: streamSid of another stream`);
  if (event === 'media') return readMedia(message['media']);
  if (event === 'mark') return readMark(message['mark']);
  return { type: 'clear' };
}

function readMedia(media: unknown): ServerFrame {
  if (!isObject(media)) return invalid('media: not an object');
  const wrongField = firstWrongField(media, ['payload']);
  if (wrongField !== null) return invalid(`media: media.${wrongField}`);
  const { payload } = media;
  if (typeof payload !== 'string' || !base64.test(payload)) return invalid('media: payload is not base64');
  return { type: 'media', audio: new Uint8Array(Buffer.from(payload, 'base64')) };
}

function readMark(mark: unknown): ServerFrame {
  if (!isObject(mark)) return invalid('mark: not an object');
  const wrongField = firstWrongField(mark, ['name']);
  if (wrongField !== null) return invalid(`mark: mark.${wrongField}`);
  const { name } = mark;
  if (typeof name !== 'string' || name === '') return invalid('mark: name is not a text');
  return { type: 'mark', name };
}

function firstWrongField(object: Readonly<Record<string, unknown>>, fields: readonly string[]): string | null {
  const missing = fields.find((field) => !Object.hasOwn(object, field));
  if (missing !== undefined) return `${missing} is missing`;
  const extra = Object.keys(object).find((field) => !fields.includes(field));
  return extra === undefined ? null : `${extra} is no field of it`;
}

function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(detail: string): ServerFrame {
  return { type: 'ignored', code: 31951, detail };
}
