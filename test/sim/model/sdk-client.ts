import { GoogleGenAI, Modality } from '@google/genai';
import type { LiveConnectConfig, LiveServerMessage, Session } from '@google/genai';
import { onTestFinished } from 'vitest';
import { simulatedApiKey, startModelServer } from '../../../src/sim/model/hosts/server.ts';
import type { ModelServer, ModelServerOptions } from '../../../src/sim/model/hosts/server.ts';
import type { ScriptInput } from '../../../src/sim/model/script/script.ts';
import { until } from '../../until.ts';
import { loadAgentClips } from '../../../src/sim/model/speech/agent-clips.ts';

export const agentClips = loadAgentClips();
const config: LiveConnectConfig = {
  responseModalities: [Modality.AUDIO],
  systemInstruction: 'You answer the order desk.',
  tools: [{ functionDeclarations: [{ name: 'look_up', parametersJsonSchema: { type: 'object' } }] }],
  outputAudioTranscription: {},
};
export const greeting = { turns: [{ role: 'user', parts: [{ text: 'Greet the caller.' }] }], turnComplete: true };

export async function serving(script: ScriptInput, options: Partial<ModelServerOptions> = {}): Promise<ModelServer> {
  const server = await startModelServer({ script, clips: agentClips, ...options });
  onTestFinished(() => server.close());
  return server;
}

interface SdkClient {
  readonly session: Session;
  readonly received: readonly LiveServerMessage[];
  until(matches: (message: LiveServerMessage) => boolean): Promise<LiveServerMessage>;
}

export async function connect(
  baseUrl: string,
  extra: LiveConnectConfig = {},
  apiKey = simulatedApiKey,
): Promise<SdkClient> {
  const received: LiveServerMessage[] = [];
  const client = new GoogleGenAI({ apiKey, httpOptions: { baseUrl, apiVersion: 'v1beta' } });
  const session = await client.live.connect({
    model: 'gemini-3.8-live',
    config: { ...config, ...extra },
    callbacks: { onmessage: (message) => received.push(message) },
  });
  return {
    session,
    received,
    async until(matches) {
      return await until('a message of the model', () => received.find(matches));
    },
  };
}
