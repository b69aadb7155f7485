import type { CallFact } from '../call/events.ts';
import type { ErrorCode } from '../errors.ts';
import { decodeBase64, encodeBase64 } from '../encoding/base64.ts';
import { isJsonObject, parseJson, type JsonObject } from '../encoding/json.ts';

/** The first message that names the stream (TW-STREAM-2). `customParameters` are the `<Parameter>` values of our TwiML. */
interface StreamStart {
  readonly type: 'start';
  readonly streamSid: string;
  readonly callSid: string;
  readonly customParameters: Readonly<Record<string, string>>;
}

/** One message of Twilio. The handshake takes the first two; the rest goes to the call as it is. */
export type TwilioMessage =
  | { readonly type: 'connected' }
  | StreamStart
  | Extract<
      CallFact,
      { type: 'stream.media' | 'stream.dtmf' | 'stream.marked' | 'stream.stopped' | 'stream.frameRejected' }
    >;

/** What stands behind the payload, before and behind the SID of the stream. */
const mediaTail = '"},"streamSid":"';
const mediaEnd = '"}';

const invalid = rejected('stream.frameInvalid');

/**
 * Reads one text frame of the media socket. `streamSid` is that of the start message, or null before it came.
 * Never throws: a frame that cannot be used becomes `stream.frameRejected` (TW-STREAM-2, TW-STREAM-3).
 */
export function parseTwilioFrame(text: string, streamSid: string | null): TwilioMessage {
  const media = streamSid === null ? null : usualMedia(text, streamSid);
  if (media !== null) return media;
  const message = parseJson(text);
  if (message === undefined) return rejected('stream.frameNotJson');
  if (!isJsonObject(message)) return invalid;

  switch (message.event) {
    case 'connected':
      return { type: 'connected' };
    case 'start':
      // Twilio starts one stream per socket (TW-STREAM-1).
      return streamSid === null ? readStart(message) : invalid;
    case 'media':
      return readOfStream(message, streamSid, readMedia);
    case 'dtmf':
      return readOfStream(message, streamSid, readDtmf);
    case 'mark':
      return readOfStream(message, streamSid, readMark);
    case 'stop':
      // Its contents are not read: the stream has ended, whatever else the message says.
      return readOfStream(message, streamSid, () => ({ type: 'stream.stopped' }));
    default:
      return typeof message.event === 'string' ? rejected('stream.eventUnknown') : invalid;
  }
}

/** How each media message begins, in the order of keys in which Twilio writes them (TW-STREAM-4). */
const mediaHead =
  /^\{"event":"media","sequenceNumber":"(\d{1,15})","media":\{"track":"inbound","chunk":"\d{1,15}","timestamp":"(\d{1,15})","payload":"/;

/**
 * Reads a media message that looks as all of them do; null for any other, which may mean the same. JSON need not be parsed for it, nor
 * does each of its numbers go into the table of strings that the engine keeps of short values, and has to clean.
 */
function usualMedia(text: string, streamSid: string): TwilioMessage | null {
  const head = mediaHead.exec(text);
  if (head === null) return null;
  const [{ length: at }, sequence, timestampMs] = head;
  const sidAt = text.length - mediaEnd.length - streamSid.length;
  const end = sidAt - mediaTail.length;
  if (!text.startsWith(mediaTail, end) || !text.startsWith(streamSid, sidAt) || !text.endsWith(mediaEnd)) return null;
  const audio = decodeBase64(text.slice(at, end));
  if (audio === null) return null;
  return { type: 'stream.media', sequence: Number(sequence), timestampMs: Number(timestampMs), audio };
}

/** Writes agent audio, 8 kHz mu-law of any length (TW-STREAM-5: one extra field and Twilio drops the message). */
export function mediaMessage(streamSid: string, audio: Uint8Array): string {
  return JSON.stringify({ event: 'media', streamSid, media: { payload: encodeBase64(audio) } });
}

/** Writes a mark, which Twilio echoes once all audio before it has been played or cleared (TW-MARK-1, TW-MARK-2). */
export function markMessage(streamSid: string, name: string): string {
  return JSON.stringify({ event: 'mark', streamSid, mark: { name } });
}

/** Writes the order to drop all audio that has not been played (TW-MARK-2). */
export function clearMessage(streamSid: string): string {
  return JSON.stringify({ event: 'clear', streamSid });
}

function readStart(message: JsonObject): TwilioMessage {
  const { streamSid, start } = message;
  if (decimal(message.sequenceNumber) === null || typeof streamSid !== 'string' || !isJsonObject(start)) return invalid;
  if (start.streamSid !== streamSid) return rejected('stream.sidMismatch');
  const { callSid, customParameters, mediaFormat } = start;
  if (typeof callSid !== 'string') return invalid;
  if (!isPhoneAudio(mediaFormat) || !isTextRecord(customParameters)) return invalid;
  return { type: 'start', streamSid, callSid, customParameters };
}

function readOfStream(
  message: JsonObject,
  streamSid: string | null,
  read: (message: JsonObject, sequence: number) => TwilioMessage,
): TwilioMessage {
  const sequence = decimal(message.sequenceNumber);
  if (sequence === null || typeof message.streamSid !== 'string') return invalid;
  return message.streamSid === streamSid ? read(message, sequence) : rejected('stream.sidMismatch');
}

function readMedia({ media }: JsonObject, sequence: number): TwilioMessage {
  if (!isJsonObject(media)) return invalid;
  // Our own audio never comes back on a two-way stream; if it did, the model would hear itself (TW-STREAM-4).
  if (media.track !== 'inbound' || typeof media.payload !== 'string') return invalid;
  const timestampMs = decimal(media.timestamp);
  const audio = decodeBase64(media.payload);
  if (timestampMs === null || decimal(media.chunk) === null || audio === null) return invalid;
  return { type: 'stream.media', sequence, timestampMs, audio };
}

function readDtmf({ dtmf }: JsonObject): TwilioMessage {
  if (!isJsonObject(dtmf) || typeof dtmf.digit !== 'string' || !/^[0-9*#]$/.test(dtmf.digit)) return invalid;
  return { type: 'stream.dtmf', digit: dtmf.digit };
}

function readMark({ mark }: JsonObject): TwilioMessage {
  if (!isJsonObject(mark) || typeof mark.name !== 'string') return invalid;
  return { type: 'stream.marked', name: mark.name };
}

/** Reads a counter: Twilio writes them as decimal strings (TW-STREAM-3). 15 digits are exact in a number. */
function decimal(value: unknown): number | null {
  return typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : null;
}

function isPhoneAudio(format: unknown): boolean {
  if (!isJsonObject(format) || format.encoding !== 'audio/x-mulaw') return false;
  return isNumber(format.sampleRate, 8000) && isNumber(format.channels, 1);
}

/** The numbers of the format may come as text, as all others of Twilio's do (TW-STREAM-2). */
function isNumber(value: unknown, wanted: number): boolean {
  return value === wanted || value === String(wanted);
}

function isTextRecord(value: unknown): value is Readonly<Record<string, string>> {
  return isJsonObject(value) && Object.values(value).every((member) => typeof member === 'string');
}

function rejected(fault: ErrorCode): TwilioMessage {
  return { type: 'stream.frameRejected', fault };
}
