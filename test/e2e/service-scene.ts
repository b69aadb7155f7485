import { loadConfig } from '../../src/config/load/load-config.ts';
import { mulawCodec } from '../../src/sounds/mulaw-codec.ts';
import type { ServiceParts } from '../../src/service/service-core.ts';
import { type Service, startService } from '../../src/service/start-service.ts';
import { type PhoneCall, type PlaceCallOptions, placeCall } from '../../src/sim/carrier/hosts/phone.ts';
import { loadAgentClips } from '../../src/sim/model/speech/agent-clips.ts';
import type { SocketSession } from '../../src/sim/model/hosts/model-session.ts';
import type { ScriptInput } from '../../src/sim/model/script/script.ts';
import { type ModelServer, type ModelServerOptions, startModelServer } from '../../src/sim/model/hosts/server.ts';
import { builtInTools } from '../../src/tools/built-in.ts';
import { createTools } from '../../src/tools/tool.ts';
import { isJsonObject } from '../../src/encoding/json.ts';
import type { Ending } from './ending.ts';
import { LogLines } from '../log-lines.ts';
import { toneClip } from '../tone.ts';

/** Where Twilio believes the service to be. */
export const publicUrl = 'https://parley.example';
export const authToken = 'auth-token-9b1f27c4';
export const geminiKey = 'gemini-key-5e83d06a';
export const caller = '+12025550177';
export const calledNumber = '+12025550188';
export const fallback = '+12025550199';

/** The agent's recorded clips, and short tones of one second or less: half a second of speech makes a test twice as fast. */
const clips = new Map([...loadAgentClips(), ['beep', toneClip(600, 400, 'Beep.')] as const]);

/** A model that greets with a beep and then only listens. */
export const greetsOnly: ScriptInput = {
  turns: [{ steps: [{ say: 'beep' }] }],
  setupMs: 0,
  latencyMs: 0,
};

export interface SceneOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly model?: Partial<ModelServerOptions>;
  /** Another model server than the simulated one. */
  readonly modelUrl?: string;
  readonly parts?: Partial<ServiceParts>;
}

let calls = 0;

/** A service and a simulated model, both on real sockets of their own, and calls to them. They end with the test. */
export class ServiceScene {
  readonly model: ModelServer;
  readonly service: Service;
  readonly log: LogLines;
  readonly #calls: PhoneCall[] = [];

  private constructor(model: ModelServer, service: Service, log: LogLines) {
    this.model = model;
    this.service = service;
    this.log = log;
  }

  static async open({ onTestFinished }: Ending, options: SceneOptions = {}): Promise<ServiceScene> {
    const model = await startModelServer({ script: greetsOnly, clips, apiKey: geminiKey, ...options.model });
    onTestFinished(() => model.close());
    const config = loadConfig({ ...environment(options.modelUrl ?? model.url), ...options.env });
    const log = new LogLines(config.logLevel);
    const destinations = [...config.transferDestinations.keys()];
    const tools = createTools(builtInTools({ lookupTable: null, destinations }));
    const service = await startService(config, { tools, log: log.logger, ...options.parts });
    const scene = new ServiceScene(model, service, log);
    onTestFinished(() => scene.#close());
    return scene;
  }

  get url(): string {
    return `http://127.0.0.1:${this.service.port}`;
  }

  call(options: Partial<PlaceCallOptions> = {}): PhoneCall {
    const phone = call(this.url, options);
    this.#calls.push(phone);
    return phone;
  }

  /** Hangs up whatever a test left on the line, because a service waits for its calls. */
  async #close(): Promise<void> {
    for (const phone of this.#calls) phone.hangUp();
    await Promise.all(this.#calls.map(({ ended }) => ended));
    await this.service.stop(0);
  }
}

/** Whether a session was closed, from either side. The simulated service may still write down what was due before. */
export function isClosed(session: SocketSession | undefined): boolean {
  return session?.timeline.some(({ message }) => isJsonObject(message) && 'close' in message) === true;
}

/**
 * How long a service waits before it does something about a silence or a slow model: as long as it may, because a machine that is busy with
 * other work answers late. Tests of what it does then set times of their own.
 */
const patient = {
  COMFORT_TONE_MS: '10000',
  FILLER_PHRASE_MS: '20000',
  RECOVERY_STEP_MS: '30000',
  MODEL_SETUP_MS: '5000',
  MODEL_OUTAGE_MS: '60000',
  CALLER_PROMPT_MS: '600000',
};

/** The settings of a service that Twilio reaches at `publicUrl`, with a human as fallback. */
export function environment(modelUrl: string): Record<string, string> {
  return {
    ...patient,
    PARLEY_ENV_FILE: 'off',
    PORT: '0',
    ADMIN_PORT: 'off',
    JOURNAL_FILE: 'off',
    PUBLIC_URL: publicUrl,
    TWILIO_AUTH_TOKEN: authToken,
    GEMINI_API_KEY: geminiKey,
    GEMINI_BASE_URL: modelUrl,
    AGENT_APOLOGY: 'Sorry.',
    FALLBACK_DESTINATION: fallback,
    LOG_LEVEL: 'trace',
    // A machine that is busy with other work makes a process late.
    MAX_EVENT_LOOP_DELAY_MS: 'off',
  };
}

/** Calls the service at `target`. A caller without a script says nothing and stays on the line. */
export function call(target: string, options: Partial<PlaceCallOptions> = {}): PhoneCall {
  calls += 1;
  return placeCall({
    publicUrl: `${publicUrl}/twilio/voice`,
    statusCallbackUrl: `${publicUrl}/twilio/status`,
    target,
    authToken,
    accountSid: `AC${'1'.repeat(32)}`,
    from: caller,
    to: calledNumber,
    script: { steps: [] },
    codec: mulawCodec,
    seed: calls,
    dialOutcomes: { [fallback]: { type: 'answered', ringMs: 50, talkMs: 100 } },
    ...options,
  });
}
