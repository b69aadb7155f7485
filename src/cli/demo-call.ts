import { loadConfig } from '../config.ts';
import type { CallEffect } from '../core/effects.ts';
import type { CallEvent } from '../core/events.ts';
import type { CallObserver } from '../shell/call-host.ts';
import { createLogger } from '../shell/logger.ts';
import { mulawCodec } from '../shell/mulaw-codec.ts';
import { startService } from '../shell/service.ts';
import type { CallReport } from '../sim/carrier/call-report.ts';
import type { CarrierNote } from '../sim/carrier/carrier-events.ts';
import { placeCall } from '../sim/carrier/phone.ts';
import type { ModelSession } from '../sim/model/model-session.ts';
import { simulatedApiKey, startModelServer } from '../sim/model/server.ts';
import { loadScenario } from '../sim/scenario.ts';
import { builtInTools } from '../tools/built-in.ts';
import { readLookupTable } from '../tools/lookup-file.ts';
import { createTools } from '../tools/tool.ts';

const publicUrl = 'https://parley.example';
const authToken = 'demo-auth-token';

/** Who follows a demo call while it goes on. Times are ms on the clock of `performance.now()`. */
export interface DemoFollower {
  onNote(note: CarrierNote): void;
  onStep(event: CallEvent, effects: readonly CallEffect[], tookMs: number): void;
}

/** What is left of a demo call. */
export interface DemoResult {
  readonly report: CallReport;
  readonly modelSession: ModelSession;
  /** From the model's message to the moment when all of its frames were handed to the socket. */
  readonly frameMs: readonly number[];
  /** From the model's `interrupted` to the moment when `clear` was handed to the socket. */
  readonly clearMs: readonly number[];
}

/**
 * Plays one scenario through the whole service: a simulated phone calls the real webhook and the real WebSocket, and the real SDK
 * talks to a simulated model, all on loopback. Records the call in `recordDir`.
 */
export async function runDemoCall(
  scenarioName: string,
  recordDir: string,
  follower: DemoFollower,
): Promise<DemoResult> {
  const scenario = loadScenario(scenarioName);
  const config = loadConfig({
    PORT: '0',
    PUBLIC_URL: publicUrl,
    TWILIO_AUTH_TOKEN: authToken,
    TRANSFER_DESTINATIONS: 'support=+15550100,sales=+15550101',
    AGENT_GREETING: scenario.agentClips.get('greeting')?.text,
    RECORD_DIR: recordDir,
  });
  const tools = createTools(
    builtInTools({
      lookupTable: readLookupTable(new URL('../../fixtures/data/orders.csv', import.meta.url).pathname),
      destinations: [...config.transferDestinations.keys()],
    }),
  );
  const modelServer = await startModelServer({ script: scenario.model, clips: scenario.agentClips });
  const figures = { frameMs: new Array<number>(), clearMs: new Array<number>() };
  const service = await startService(config, {
    tools,
    log: createLogger('warn', process.stderr),
    modelAccess: { apiKey: simulatedApiKey, baseUrl: modelServer.url },
    observeCall: () => observer(follower, figures),
  });
  try {
    const phone = placeCall({
      publicUrl: `${publicUrl}/twilio/voice`,
      statusCallbackUrl: `${publicUrl}/twilio/status`,
      target: `http://127.0.0.1:${service.port}`,
      authToken,
      accountSid: `AC${'0'.repeat(32)}`,
      from: '+15550123',
      to: '+15550199',
      script: scenario.caller,
      clips: scenario.callerClips,
      codec: mulawCodec,
      dialOutcomes: scenario.dialOutcomes,
      seed: 1,
      onNote: (note) => follower.onNote(note),
    });
    const report = await phone.ended;
    const [modelSession] = modelServer.sessions;
    if (modelSession === undefined) throw new RangeError('The call opened no model session.');
    return { report, modelSession, ...figures };
  } finally {
    await service.stop(0);
    await modelServer.close();
  }
}

function observer(follower: DemoFollower, figures: { frameMs: number[]; clearMs: number[] }): CallObserver {
  return {
    write(event, effects, tookMs) {
      if (event.type === 'model.audio' && effects.some(({ type }) => type === 'stream.media'))
        figures.frameMs.push(tookMs);
      if (effects.some(({ type }) => type === 'stream.clear')) figures.clearMs.push(tookMs);
      follower.onStep(event, effects, tookMs);
    },
    close() {},
  };
}
