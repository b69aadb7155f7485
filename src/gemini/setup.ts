import {
  ActivityHandling,
  type AutomaticActivityDetection,
  Behavior,
  EndSensitivity,
  FunctionResponseScheduling,
  Modality,
  StartSensitivity,
  ThinkingLevel,
  type FunctionDeclaration,
  type LiveConnectConfig,
  type LiveSendClientContentParameters,
  type LiveSendRealtimeInputParameters,
  type LiveSendToolResponseParameters,
  type RealtimeInputConfig,
  type SpeechConfig,
  type Tool,
} from '@google/genai/web';
import type { ToolAnswer } from '../call/effects.ts';
import { encodeBase64 } from '../encoding/base64.ts';
import { wellFormedMembers } from '../encoding/well-formed.ts';
import { ParleyError } from '../errors.ts';
import { behaviorOf, type ModelRules, modelRules } from './models.ts';
import { schemaDialect } from './schema-dialect.ts';
import type { SetupSettings } from './setup-settings.ts';

/** What the model is told about a tool. `parameters` is a JSON Schema of an object (GM-TOOL-5). */
interface ToolDeclaration {
  readonly name: string;
  readonly description: string;
  /** `blocking`: the model is silent until the answer (GM-TOOL-1). */
  readonly behavior: 'blocking' | 'nonBlocking';
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What a model session of one agent is set up with. `voice` is one of the prebuilt names, null for the model's own default. */
export interface AgentSetup {
  /** The model of the session; the agent on its fallback model is the same object with another id. */
  readonly model: string;
  readonly systemInstruction: string;
  readonly voice: string | null;
  readonly tools: readonly ToolDeclaration[];
  readonly settings: SetupSettings;
}

/** What is special about one session of an agent. */
export interface SessionStart {
  /** Continues the session that the handle is of; null begins anew (GM-RESUME-1). */
  readonly handle: string | null;
  /** What the model must know beyond its instruction, such as what was said before; null for nothing. */
  readonly recap: string | null;
}

/** What a session is opened with. */
interface LiveSetup {
  readonly model: string;
  readonly config: LiveConnectConfig;
  /** Fields of `generationConfig` that the service lists and the SDK has no place for (GM-SDK-5). */
  readonly unlisted: Readonly<Record<string, unknown>>;
}

/** The SDK would drop them without a word, or warn on each session. */
const unlistedFields: ReadonlySet<string> = new Set(['candidateCount', 'presencePenalty', 'frequencyPenalty']);

/** Safe for every language: to assume too many tokens for the instruction only delays the compression. */
const charactersPerToken = 3;

/** The largest trigger that the service takes (GM-COMPRESS-1). */
const triggerTokensMax = 128_000;

/**
 * Makes the arguments of the SDK's `live.connect` (GM-SETUP-2, GM-SETUP-3). What the model's rules do not allow is left out.
 * Throws `config.invalid` for a tool that cannot be declared to the model.
 */
export function liveSetup(
  agent: AgentSetup,
  { handle, recap }: SessionStart = { handle: null, recap: null },
): LiveSetup {
  const { settings } = agent;
  const rules = modelRules(agent.model);
  const instruction = recap === null ? agent.systemInstruction : `${agent.systemInstruction}\n\n${recap}`;
  const systemInstruction = instruction.toWellFormed();
  const {
    generationConfig = {},
    realtimeInputConfig,
    inputAudioTranscription,
    outputAudioTranscription,
    ...others
  } = settings.extra;
  const hears = settings.transcription === 'both' || settings.transcription === 'caller';
  const writes = settings.transcription === 'both' || settings.transcription === 'agent';
  const { transcriptionLanguage } = settings;
  const spoken = transcriptionLanguage === null ? {} : { languageCodes: [transcriptionLanguage] };
  const speech = speechConfig(agent, rules);
  const thinking = thinkingConfig(settings, rules);
  const tools = toolList(agent, rules);
  const own: LiveConnectConfig = {
    responseModalities: [Modality.AUDIO],
    systemInstruction,
    realtimeInputConfig: Object.assign(turnTaking(agent), realtimeInputConfig),
    ...(hears ? { inputAudioTranscription: Object.assign(spoken, inputAudioTranscription) } : {}),
    ...(writes ? { outputAudioTranscription: Object.assign({}, outputAudioTranscription) } : {}),
    ...(settings.resumption ? { sessionResumption: handle === null ? {} : { handle } } : {}),
    ...compression(settings, systemInstruction),
    ...(speech === null ? {} : { speechConfig: speech }),
    ...(thinking === null ? {} : { thinkingConfig: thinking }),
    ...(tools.length === 0 ? {} : { tools }),
  };
  // The SDK has the fields of `generationConfig` at the top.
  const generation = Object.entries(generationConfig);
  const listed = Object.fromEntries(generation.filter(([field]) => !unlistedFields.has(field)));
  const unlisted = Object.fromEntries(generation.filter(([field]) => unlistedFields.has(field)));
  return { model: agent.model, config: Object.assign({ ...listed, ...others }, own), unlisted };
}

function turnTaking({ model, settings }: AgentSetup): RealtimeInputConfig {
  const isManual = behaviorOf(model, settings).turnDetection === 'manual';
  return {
    automaticActivityDetection: isManual ? { disabled: true } : detection(settings),
    ...(settings.interruptions ? {} : { activityHandling: ActivityHandling.NO_INTERRUPTION }),
  };
}

function detection({ speechDetection }: SetupSettings): AutomaticActivityDetection {
  const { startSensitivity, endSensitivity, prefixMs, silenceMs } = speechDetection;
  return {
    startOfSpeechSensitivity: {
      high: StartSensitivity.START_SENSITIVITY_HIGH,
      low: StartSensitivity.START_SENSITIVITY_LOW,
    }[startSensitivity],
    endOfSpeechSensitivity: {
      high: EndSensitivity.END_SENSITIVITY_HIGH,
      low: EndSensitivity.END_SENSITIVITY_LOW,
    }[endSensitivity],
    prefixPaddingMs: prefixMs,
    silenceDurationMs: silenceMs,
  };
}

/** The instruction stays whatever happens, so its tokens come on top of what the conversation may take (GM-COMPRESS-1). */
function compression(settings: SetupSettings, systemInstruction: string): LiveConnectConfig {
  if (settings.compression === null) return {};
  const { triggerTokens, targetTokens } = settings.compression;
  const instructionTokens = Math.ceil(systemInstruction.length / charactersPerToken);
  const trigger = Math.min(instructionTokens + triggerTokens, triggerTokensMax);
  const target = trigger - (triggerTokens - targetTokens);
  return {
    contextWindowCompression: { triggerTokens: String(trigger), slidingWindow: { targetTokens: String(target) } },
  };
}

function speechConfig({ voice, settings }: AgentSetup, rules: ModelRules): SpeechConfig | null {
  const languageCode = rules.takesLanguageCode ? settings.languageCode : null;
  if (voice === null && languageCode === null) return null;
  return {
    ...(voice === null ? {} : { voiceConfig: { prebuiltVoiceConfig: { voiceName: voice } } }),
    ...(languageCode === null ? {} : { languageCode }),
  };
}

const thinkingLevelOf = { low: ThinkingLevel.LOW, medium: ThinkingLevel.MEDIUM, high: ThinkingLevel.HIGH };

function thinkingConfig({ thinkingLevel, extra }: SetupSettings, rules: ModelRules): object | null {
  const level = rules.thinkingLevel === 'always' ? { thinkingLevel: thinkingLevelOf[thinkingLevel] } : null;
  const more = extra.generationConfig?.thinkingConfig;
  return level === null && more === undefined ? null : { ...level, ...Object(more) };
}

function toolList({ tools, settings }: AgentSetup, rules: ModelRules): Tool[] {
  return [
    ...(tools.length === 0 ? [] : [{ functionDeclarations: tools.map((tool) => declaration(tool, rules)) }]),
    ...(settings.googleSearch ? [{ googleSearch: {} }] : []),
  ];
}

const callerMimeType = 'audio/pcm;rate=16000';

/** Wraps caller audio, 16 kHz PCM16 little-endian, for `sendRealtimeInput` (GM-AUDIO-1). */
export function audioInput(pcm: Uint8Array): LiveSendRealtimeInputParameters {
  return { audio: { data: encodeBase64(pcm), mimeType: callerMimeType } };
}

/** Writes the message that `sendRealtimeInput` makes of `audioInput`. Base64 needs no escapes, so it is put in as it is. */
export function audioMessage(pcm: Uint8Array): string {
  return `{"realtimeInput":{"audio":{"data":"${encodeBase64(pcm)}","mimeType":"${callerMimeType}"}}}`;
}

/** Marks the beginning or the end of the caller's turn, for `sendRealtimeInput` (GM-VAD-6). */
export const activityInput = {
  start: { activityStart: {} },
  end: { activityEnd: {} },
} satisfies Readonly<Record<string, LiveSendRealtimeInputParameters>>;

/** Wraps a picture, a JPEG, for `sendRealtimeInput` (GM-VIDEO-1). */
export function pictureInput(jpeg: Uint8Array): LiveSendRealtimeInputParameters {
  return { video: { data: encodeBase64(jpeg), mimeType: 'image/jpeg' } };
}

/** Makes one whole user turn of text for `sendClientContent`. It cuts off what the model is saying (GM-CONTENT-1). */
export function textTurn(text: string): LiveSendClientContentParameters {
  return { turns: [{ role: 'user', parts: [{ text: text.toWellFormed() }] }], turnComplete: true };
}

/** What is written of a scheduling; that an answer waits until the model is idle is the default (GM-TOOL-4). */
const schedulings = {
  silent: { scheduling: FunctionResponseScheduling.SILENT },
  whenIdle: {},
  interrupt: { scheduling: FunctionResponseScheduling.INTERRUPT },
};

/**
 * Makes the argument of `sendToolResponse`. A scheduling is legal for non-blocking tools only, and some models take none at all (GM-TOOL-4):
 * there, silence is up to the instruction. A model that gives its calls no ids takes none (GM-TOOL-6).
 */
export function toolResponses(
  answers: readonly ToolAnswer[],
  { model, tools }: Pick<AgentSetup, 'model' | 'tools'>,
): LiveSendToolResponseParameters {
  const { takesScheduling, hasCallIds } = modelRules(model);
  const mayWait = new Set(tools.filter(({ behavior }) => behavior === 'nonBlocking').map(({ name }) => name));
  return {
    functionResponses: answers.map(({ id, name, response, scheduling }) => ({
      ...(hasCallIds ? { id } : {}),
      name,
      response: wellFormedMembers(response),
      ...(takesScheduling && mayWait.has(name) ? schedulings[scheduling] : {}),
    })),
  };
}

/** The behaviour is written wherever it may be, since sources disagree on the default; an empty schema is left out (GM-TOOL-1, GM-TOOL-5). */
function declaration(tool: ToolDeclaration, rules: ModelRules): FunctionDeclaration {
  const blocks = tool.behavior === 'blocking' && rules.toolBehaviors.includes('blocking');
  const takesArguments = Object.keys(tool.parameters.properties ?? {}).length > 0;
  return {
    name: tool.name,
    description: tool.description,
    ...(rules.toolBehaviors.length === 0 ? {} : { behavior: blocks ? Behavior.BLOCKING : Behavior.NON_BLOCKING }),
    ...(takesArguments ? parameters(tool, rules) : {}),
  };
}

function parameters(tool: ToolDeclaration, rules: ModelRules): FunctionDeclaration {
  if (rules.toolParameters === 'jsonSchema') return { parametersJsonSchema: tool.parameters };
  const dialect = schemaDialect(tool.parameters);
  if ('schema' in dialect) return { parameters: dialect.schema };
  throw new ParleyError('config.invalid', undeclarable(tool, rules, dialect.untranslatable));
}

/** Why a tool cannot be declared to a model, in a sentence; null when it can. */
export function declarationProblem(tool: ToolDeclaration, model: string): string | null {
  const rules = modelRules(model);
  if (rules.toolParameters === 'jsonSchema') return null;
  const dialect = schemaDialect(tool.parameters);
  return 'schema' in dialect ? null : undeclarable(tool, rules, dialect.untranslatable);
}

function undeclarable({ name }: ToolDeclaration, { id }: ModelRules, untranslatable: string): string {
  return `The tool ${name} cannot be declared to ${id}, which takes no JSON Schema: ${untranslatable} of its parameters has no equivalent.`;
}
