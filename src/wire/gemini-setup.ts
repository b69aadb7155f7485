import {
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
} from '@google/genai';
import type { ToolAnswer } from '../core/effects.ts';
import { encodeBase64 } from './base64.ts';

/** What the model is told about a tool. `parameters` is a JSON Schema of an object (GM-TOOL-5). */
interface ToolDeclaration {
  readonly name: string;
  readonly description: string;
  /** `blocking`: the model is silent until the answer (GM-TOOL-1). */
  readonly behavior: 'blocking' | 'nonBlocking';
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** What makes one agent. `voice` is one of the prebuilt names, null for the model's own default. */
export interface AgentSetup {
  readonly model: string;
  readonly instruction: string;
  readonly voice: string | null;
  readonly tools: readonly ToolDeclaration[];
}

/**
 * When the service takes a sound for speech (GM-VAD-1), set for the telephone: a short "yes" must count, so a start is
 * taken eagerly; a pause within a sentence must not end the turn, so an end is taken late.
 */
const speechDetection = {
  startOfSpeechSensitivity: StartSensitivity.START_SENSITIVITY_HIGH,
  endOfSpeechSensitivity: EndSensitivity.END_SENSITIVITY_LOW,
  prefixPaddingMs: 40,
  silenceDurationMs: 600,
};

/**
 * How much of the conversation the model keeps, in tokens beside the instruction. Each turn is billed with the whole
 * context, so the price of a call grows with the square of its turns until the first compression (GM-USAGE-1).
 */
const historyTokensTrigger = 8000;
const historyTokensTarget = 4000;
/** Careful for every language: too many tokens assumed for the instruction only delay the compression. */
const charactersPerToken = 3;

/** Makes the arguments of the SDK's `live.connect` (GM-SETUP-2, GM-SETUP-3). What is left out here, the model refuses. */
export function liveSetup(agent: AgentSetup): { readonly model: string; readonly config: LiveConnectConfig } {
  const instructionTokens = Math.ceil(agent.instruction.length / charactersPerToken);
  const config: LiveConnectConfig = {
    responseModalities: [Modality.AUDIO],
    systemInstruction: agent.instruction,
    realtimeInputConfig: { automaticActivityDetection: speechDetection },
    inputAudioTranscription: {},
    outputAudioTranscription: {},
    sessionResumption: {},
    contextWindowCompression: {
      triggerTokens: String(instructionTokens + historyTokensTrigger),
      slidingWindow: { targetTokens: String(instructionTokens + historyTokensTarget) },
    },
  };
  if (agent.voice !== null) {
    config.speechConfig = { voiceConfig: { prebuiltVoiceConfig: { voiceName: agent.voice } } };
  }
  if (agent.tools.length > 0) {
    config.tools = [{ functionDeclarations: agent.tools.map((tool) => declaration(tool, agent.model)) }];
  }
  if (thinksInBackground(agent.model)) config.thinkingConfig = { thinkingLevel: ThinkingLevel.LOW };
  return { model: agent.model, config };
}

/** Wraps caller audio, 16 kHz PCM16 little-endian, for `sendRealtimeInput` (GM-AUDIO-1). */
export function audioInput(pcm: Uint8Array): LiveSendRealtimeInputParameters {
  return { audio: { data: encodeBase64(pcm), mimeType: 'audio/pcm;rate=16000' } };
}

/** Makes one whole user turn of text for `sendClientContent`. It cuts off what the model is saying (GM-CONTENT-1). */
export function textTurn(text: string): LiveSendClientContentParameters {
  return { turns: [{ role: 'user', parts: [{ text }] }], turnComplete: true };
}

/**
 * Makes the argument of `sendToolResponse`. A silent answer is legal for non-blocking tools only, and a model that thinks
 * in the background takes no scheduling at all (GM-TOOL-4): there, silence is up to the instruction.
 */
export function toolResponses(answers: readonly ToolAnswer[], model: string): LiveSendToolResponseParameters {
  const scheduling = { scheduling: FunctionResponseScheduling.SILENT };
  return {
    functionResponses: answers.map(({ id, name, response, silent }) => ({
      id,
      name,
      response,
      ...(silent && !thinksInBackground(model) ? scheduling : {}),
    })),
  };
}

/** The behaviour is always written, since sources disagree on the default; an empty schema is left out (GM-TOOL-1, GM-TOOL-5). */
function declaration(tool: ToolDeclaration, model: string): FunctionDeclaration {
  const blocks = tool.behavior === 'blocking' && !thinksInBackground(model);
  const takesArguments = Object.keys(tool.parameters.properties ?? {}).length > 0;
  return {
    name: tool.name,
    description: tool.description,
    behavior: blocks ? Behavior.BLOCKING : Behavior.NON_BLOCKING,
    ...(takesArguments ? { parametersJsonSchema: tool.parameters } : {}),
  };
}

/** Extended thinking has rules of its own: a thinking level, only non-blocking tools, no scheduling (GM-SETUP-3). */
function thinksInBackground(model: string): boolean {
  return model.endsWith('-extended-thinking');
}
