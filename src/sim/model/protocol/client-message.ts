import { z } from 'zod';
import { isJsonObject } from '../../../encoding/json.ts';
import { refusal } from './close-reasons.ts';
import type { CloseFrame } from './close-reasons.ts';
import { protoMessage, protoPath, unknownName } from './proto-json.ts';
import { blob, content, functionResponse, setup } from './setup-message.ts';

const activity = protoMessage({});

const realtimeInput = protoMessage({
  audio: blob.optional(),
  video: blob.optional(),
  /** The form before `audio` and `video` (GM-AUDIO-1). */
  mediaChunks: z.array(blob).optional(),
  text: z.string().optional(),
  activityStart: activity.optional(),
  activityEnd: activity.optional(),
  audioStreamEnd: z.boolean().optional(),
});

const clientMessage = protoMessage({
  setup: setup.optional(),
  realtimeInput: realtimeInput.optional(),
  clientContent: protoMessage({
    turns: z.array(content).optional(),
    turnComplete: z.boolean().optional(),
  }).optional(),
  toolResponse: protoMessage({ functionResponses: z.array(functionResponse).min(1) }).optional(),
});

/** A message of a client. A correct one has exactly one key. */
export type ClientMessage = z.output<typeof clientMessage>;
export type RealtimeInput = z.output<typeof realtimeInput>;
export type ClientContent = NonNullable<ClientMessage['clientContent']>;

/**
 * Reads a client's message from parsed JSON; `undefined` stands for a frame that was not JSON. What the service would refuse comes back as
 * the close it would send: 1007 with `Invalid JSON payload received. Unknown name "x" at 'setup.y'` and the like (GM-SETUP-2).
 */
export function parseClientMessage(
  json: unknown,
): { readonly ok: true; readonly message: ClientMessage } | { readonly ok: false; readonly close: CloseFrame } {
  const audio = callerAudio(json);
  if (audio !== null) return { ok: true, message: { realtimeInput: { audio } } };
  const parsed = clientMessage.safeParse(json);
  if (parsed.success) {
    if (Object.keys(parsed.data).length === 1) return { ok: true, message: parsed.data };
    return { ok: false, close: refusal('Request contains an invalid argument.') };
  }
  const unknownKey = parsed.error.issues.find((issue) => issue.code === 'unrecognized_keys');
  const issue = unknownKey ?? parsed.error.issues[0];
  return { ok: false, close: refusal(issue === undefined ? 'Invalid JSON payload received.' : complaint(issue)) };
}

/** Nearly every message is a piece of audio: one that is written as it should be needs no schema. */
function callerAudio(json: unknown): z.output<typeof blob> | null {
  const input = onlyMember(json, 'realtimeInput');
  const audio = onlyMember(input, 'audio');
  if (!isJsonObject(audio) || Object.keys(audio).length !== 2) return null;
  const { data, mimeType } = audio;
  return typeof data === 'string' && typeof mimeType === 'string' ? { data, mimeType } : null;
}

function onlyMember(value: unknown, key: string): unknown {
  return isJsonObject(value) && Object.keys(value).length === 1 ? value[key] : undefined;
}

function complaint(issue: z.core.$ZodIssue): string {
  if (issue.code === 'unrecognized_keys') return unknownName(issue.keys[0] ?? '', issue.path);
  if (issue.path.length === 0) return 'Invalid JSON payload received.';
  return `Invalid value at '${protoPath(issue.path)}': ${issue.message}`;
}
