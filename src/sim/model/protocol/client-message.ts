import { z } from 'zod';
import { isJsonObject } from '../../../encoding/json.ts';
import { refusal } from './close-reasons.ts';
import type { CloseFrame } from './close-reasons.ts';

// The shapes of what a client may send, as the v1beta API of the Developer backend knows them. Every object is strict, because the
// service refuses a key that it does not know, wherever it stands (GM-SETUP-2).

const anyObject = z.record(z.string(), z.unknown());
/** JSON has no 64-bit integers: the service takes them as strings, and as numbers where these are exact. */
const int64 = z.union([z.string().regex(/^\d+$/), z.int()]).transform(Number);
const blob = z.strictObject({ data: z.string(), mimeType: z.string() });
const part = z.strictObject({
  text: z.string().optional(),
  inlineData: blob.optional(),
  thought: z.boolean().optional(),
});
const content = z.strictObject({ role: z.string().optional(), parts: z.array(part).optional() });

/** The service's own dialect of JSON Schema, which `parameters` of a tool is written in (GM-TOOL-5). */
const schemaDialect = z.strictObject({
  type: z.string().optional(),
  format: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  nullable: z.boolean().optional(),
  default: z.unknown().optional(),
  example: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  pattern: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  minItems: int64.optional(),
  maxItems: int64.optional(),
  minLength: int64.optional(),
  maxLength: int64.optional(),
  minProperties: int64.optional(),
  maxProperties: int64.optional(),
  required: z.array(z.string()).optional(),
  propertyOrdering: z.array(z.string()).optional(),
  get items() {
    return schemaDialect.optional();
  },
  get properties() {
    return z.record(z.string(), schemaDialect).optional();
  },
  get anyOf() {
    return z.array(schemaDialect).optional();
  },
});

const functionDeclaration = z.strictObject({
  name: z.string(),
  description: z.string().optional(),
  behavior: z.enum(['BLOCKING', 'NON_BLOCKING']).optional(),
  parameters: schemaDialect.optional(),
  parametersJsonSchema: anyObject.optional(),
  response: schemaDialect.optional(),
  responseJsonSchema: anyObject.optional(),
});

const transcription = z.strictObject({
  languageCodes: z.array(z.string()).optional(),
  customVocabulary: z.array(z.string()).optional(),
  mode: z.enum(['VERBATIM', 'SMART']).optional(),
  wordTimestamp: z.boolean().optional(),
  diarization: z.boolean().optional(),
});

const generationConfig = z.strictObject({
  responseModalities: z.array(z.enum(['AUDIO', 'TEXT', 'IMAGE'])).optional(),
  speechConfig: z
    .strictObject({
      voiceConfig: z
        .strictObject({ prebuiltVoiceConfig: z.strictObject({ voiceName: z.string().optional() }) })
        .optional(),
      languageCode: z.string().optional(),
    })
    .optional(),
  thinkingConfig: z
    .strictObject({
      includeThoughts: z.boolean().optional(),
      thinkingBudget: z.int().optional(),
      thinkingLevel: z.string().optional(),
    })
    .optional(),
  enableAffectiveDialog: z.boolean().optional(),
  temperature: z.number().optional(),
  topP: z.number().optional(),
  topK: z.number().optional(),
  maxOutputTokens: z.int().optional(),
  seed: z.int().optional(),
  candidateCount: z.int().optional(),
  presencePenalty: z.number().optional(),
  frequencyPenalty: z.number().optional(),
  mediaResolution: z
    .enum(['MEDIA_RESOLUTION_UNSPECIFIED', 'MEDIA_RESOLUTION_LOW', 'MEDIA_RESOLUTION_MEDIUM', 'MEDIA_RESOLUTION_HIGH'])
    .optional(),
});

const realtimeInputConfig = z.strictObject({
  automaticActivityDetection: z
    .strictObject({
      disabled: z.boolean().optional(),
      startOfSpeechSensitivity: z
        .enum(['START_SENSITIVITY_UNSPECIFIED', 'START_SENSITIVITY_HIGH', 'START_SENSITIVITY_LOW'])
        .optional(),
      endOfSpeechSensitivity: z
        .enum(['END_SENSITIVITY_UNSPECIFIED', 'END_SENSITIVITY_HIGH', 'END_SENSITIVITY_LOW'])
        .optional(),
      prefixPaddingMs: z.int().min(0).optional(),
      silenceDurationMs: z.int().min(0).optional(),
    })
    .optional(),
  activityHandling: z
    .enum(['ACTIVITY_HANDLING_UNSPECIFIED', 'START_OF_ACTIVITY_INTERRUPTS', 'NO_INTERRUPTION'])
    .optional(),
  interimTranscriptTimestampEnabled: z.boolean().optional(),
  turnCoverage: z
    .enum([
      'TURN_COVERAGE_UNSPECIFIED',
      'TURN_INCLUDES_ONLY_ACTIVITY',
      'TURN_INCLUDES_ALL_INPUT',
      'TURN_INCLUDES_AUDIO_ACTIVITY_AND_ALL_VIDEO',
    ])
    .optional(),
});

const setup = z.strictObject({
  model: z.string(),
  generationConfig: generationConfig.optional(),
  systemInstruction: content.optional(),
  tools: z
    .array(
      z.strictObject({
        functionDeclarations: z.array(functionDeclaration).optional(),
        googleSearch: anyObject.optional(),
      }),
    )
    .optional(),
  realtimeInputConfig: realtimeInputConfig.optional(),
  inputAudioTranscription: transcription.optional(),
  outputAudioTranscription: transcription.optional(),
  sessionResumption: z.strictObject({ handle: z.string().optional() }).optional(),
  contextWindowCompression: z
    .strictObject({
      triggerTokens: int64.pipe(z.int().min(5_000).max(128_000)).optional(),
      slidingWindow: z.strictObject({ targetTokens: int64.pipe(z.int().max(128_000)).optional() }).optional(),
    })
    .optional(),
  proactivity: z.strictObject({ proactiveAudio: z.boolean().optional() }).optional(),
  historyConfig: z.strictObject({ initialHistoryInClientContent: z.boolean().optional() }).optional(),
});

const realtimeInput = z.strictObject({
  audio: blob.optional(),
  video: blob.optional(),
  text: z.string().optional(),
  activityStart: z.strictObject({}).optional(),
  activityEnd: z.strictObject({}).optional(),
  audioStreamEnd: z.boolean().optional(),
});

const functionResponse = z.strictObject({
  /** Missing in the answers to a model whose calls have none (GM-TOOL-6). */
  id: z.string().optional(),
  name: z.string(),
  response: anyObject,
  scheduling: z.enum(['SILENT', 'WHEN_IDLE', 'INTERRUPT']).optional(),
  willContinue: z.boolean().optional(),
});

const clientMessage = z.strictObject({
  setup: setup.optional(),
  realtimeInput: realtimeInput.optional(),
  clientContent: z
    .strictObject({ turns: z.array(content).optional(), turnComplete: z.boolean().optional() })
    .optional(),
  toolResponse: z.strictObject({ functionResponses: z.array(functionResponse).min(1) }).optional(),
});

/** The setup message of a client, well formed but not yet held against the model's rules. */
export type Setup = z.output<typeof setup>;
/** A message of a client. A correct one has exactly one key. */
export type ClientMessage = z.output<typeof clientMessage>;
export type RealtimeInput = z.output<typeof realtimeInput>;
export type ClientContent = NonNullable<ClientMessage['clientContent']>;
export type FunctionDeclaration = z.output<typeof functionDeclaration>;
export type FunctionResponse = z.output<typeof functionResponse>;

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
  const at = issue.path.length === 0 ? '' : ` at '${protoPath(issue.path)}'`;
  if (issue.code === 'unrecognized_keys') {
    return unknownName(issue.keys[0] ?? '', issue.path);
  }
  return at === '' ? 'Invalid JSON payload received.' : `Invalid value${at}: ${issue.message}`;
}

/** What the service says of a key that it does not know at this path. */
export function unknownName(key: string, path: readonly PropertyKey[]): string {
  const at = path.length === 0 ? '' : ` at '${protoPath(path)}'`;
  return `Invalid JSON payload received. Unknown name "${key}"${at}: Cannot find field.`;
}

/** The service names fields as its protocol buffers do: `setup.tools[0].function_declarations[1]`. */
function protoPath(path: readonly PropertyKey[]): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else text += `.${String(key).replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;
  }
  return text.slice(1);
}
