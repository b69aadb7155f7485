import { z } from 'zod';
import { anyObject, float, int32, int64, protoMessage } from './proto-json.ts';

// The setup and what else holds content, with the fields that the v1beta API of the Developer backend lists (GM-SETUP-5).

/** Bytes and their type; the bytes are not decoded yet. */
export const blob = protoMessage({ data: z.string(), mimeType: z.string() });

export const functionResponse = protoMessage({
  /** Missing in the answers to a model whose calls have none (GM-TOOL-6). */
  id: z.string().optional(),
  name: z.string(),
  response: anyObject,
  scheduling: z.enum(['SILENT', 'WHEN_IDLE', 'INTERRUPT']).optional(),
  willContinue: z.boolean().optional(),
  parts: z.array(anyObject).optional(),
});

const part = protoMessage({
  text: z.string().optional(),
  inlineData: blob.optional(),
  fileData: anyObject.optional(),
  functionCall: protoMessage({
    id: z.string().optional(),
    name: z.string(),
    args: anyObject.optional(),
  }).optional(),
  functionResponse: functionResponse.optional(),
  executableCode: anyObject.optional(),
  codeExecutionResult: anyObject.optional(),
  thought: z.boolean().optional(),
  thoughtSignature: z.string().optional(),
  videoMetadata: anyObject.optional(),
  partMetadata: anyObject.optional(),
  mediaResolution: anyObject.optional(),
});

export const content = protoMessage({ role: z.string().optional(), parts: z.array(part).optional() });

/** What of a schema anybody here asks for. */
interface SchemaDialect {
  readonly required?: readonly string[] | undefined;
}

/** The service's own dialect of JSON Schema, which `parameters` of a tool is written in (GM-TOOL-5). */
const schemaDialect: z.ZodType<SchemaDialect> = protoMessage({
  type: z.string().optional(),
  format: z.string().optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  nullable: z.boolean().optional(),
  default: z.unknown().optional(),
  example: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  pattern: z.string().optional(),
  minimum: float.optional(),
  maximum: float.optional(),
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

const functionDeclaration = protoMessage({
  name: z.string(),
  description: z.string().optional(),
  behavior: z.enum(['BLOCKING', 'NON_BLOCKING']).optional(),
  parameters: schemaDialect.optional(),
  parametersJsonSchema: anyObject.optional(),
  response: schemaDialect.optional(),
  responseJsonSchema: anyObject.optional(),
});

const tool = protoMessage({
  functionDeclarations: z.array(functionDeclaration).optional(),
  googleSearch: anyObject.optional(),
  googleSearchRetrieval: anyObject.optional(),
  codeExecution: anyObject.optional(),
  computerUse: anyObject.optional(),
  urlContext: anyObject.optional(),
  fileSearch: anyObject.optional(),
  googleMaps: anyObject.optional(),
  mcpServers: z.array(anyObject).optional(),
});

const transcription = protoMessage({
  languageCodes: z.array(z.string()).optional(),
  languageAuto: anyObject.optional(),
  languageHints: anyObject.optional(),
  customVocabulary: z.array(z.string()).optional(),
  adaptationPhrases: z.array(z.string()).optional(),
  mode: z.enum(['VERBATIM', 'SMART']).optional(),
  wordTimestamp: z.boolean().optional(),
  diarization: z.boolean().optional(),
});

const generationConfig = protoMessage({
  responseModalities: z.array(z.enum(['AUDIO', 'TEXT', 'IMAGE'])).optional(),
  speechConfig: protoMessage({
    voiceConfig: protoMessage({
      prebuiltVoiceConfig: protoMessage({ voiceName: z.string().optional() }).optional(),
    }).optional(),
    languageCode: z.string().optional(),
  }).optional(),
  thinkingConfig: protoMessage({
    includeThoughts: z.boolean().optional(),
    thinkingBudget: int32.optional(),
    thinkingLevel: z.string().optional(),
  }).optional(),
  enableAffectiveDialog: z.boolean().optional(),
  candidateCount: int32.optional(),
  stopSequences: z.array(z.string()).optional(),
  temperature: float.optional(),
  topP: float.optional(),
  topK: float.optional(),
  maxOutputTokens: int32.optional(),
  presencePenalty: float.optional(),
  frequencyPenalty: float.optional(),
  seed: int32.optional(),
  mediaResolution: z
    .enum(['MEDIA_RESOLUTION_UNSPECIFIED', 'MEDIA_RESOLUTION_LOW', 'MEDIA_RESOLUTION_MEDIUM', 'MEDIA_RESOLUTION_HIGH'])
    .optional(),
  responseMimeType: z.string().optional(),
  responseSchema: schemaDialect.optional(),
  responseJsonSchema: z.unknown().optional(),
  responseLogprobs: z.boolean().optional(),
  logprobs: int32.optional(),
  enableEnhancedCivicAnswers: z.boolean().optional(),
});

const realtimeInputConfig = protoMessage({
  automaticActivityDetection: protoMessage({
    disabled: z.boolean().optional(),
    startOfSpeechSensitivity: z
      .enum(['START_SENSITIVITY_UNSPECIFIED', 'START_SENSITIVITY_HIGH', 'START_SENSITIVITY_LOW'])
      .optional(),
    endOfSpeechSensitivity: z
      .enum(['END_SENSITIVITY_UNSPECIFIED', 'END_SENSITIVITY_HIGH', 'END_SENSITIVITY_LOW'])
      .optional(),
    prefixPaddingMs: int32.pipe(z.int().min(0)).optional(),
    silenceDurationMs: int32.pipe(z.int().min(0)).optional(),
  }).optional(),
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

export const setup = protoMessage({
  model: z.string(),
  generationConfig: generationConfig.optional(),
  systemInstruction: content.optional(),
  tools: z.array(tool).optional(),
  realtimeInputConfig: realtimeInputConfig.optional(),
  inputAudioTranscription: transcription.optional(),
  outputAudioTranscription: transcription.optional(),
  sessionResumption: protoMessage({ handle: z.string().optional() }).optional(),
  contextWindowCompression: protoMessage({
    triggerTokens: int64.pipe(z.int().min(5_000).max(128_000)).optional(),
    slidingWindow: protoMessage({
      targetTokens: int64.pipe(z.int().max(128_000)).optional(),
    }).optional(),
  }).optional(),
  proactivity: protoMessage({ proactiveAudio: z.boolean().optional() }).optional(),
  historyConfig: protoMessage({ initialHistoryInClientContent: z.boolean().optional() }).optional(),
  safetySettings: z.array(anyObject).optional(),
  labels: z.record(z.string(), z.string()).optional(),
});

/** The setup message of a client, well formed but not yet held against the model's rules. */
export type Setup = z.output<typeof setup>;
export type FunctionDeclaration = z.output<typeof functionDeclaration>;
export type FunctionResponse = z.output<typeof functionResponse>;
