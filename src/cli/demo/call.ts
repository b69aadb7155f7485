import { fileURLToPath } from 'node:url';
import { randomBytes } from 'node:crypto';
import { readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { loadConfig } from '../../config/load/load-config.ts';
import type { CallEffect } from '../../call/effects.ts';
import type { CallEvent } from '../../call/events.ts';
import type { CallObserver } from '../../call/call-observer.ts';
import { createLogger } from '../../system/logger.ts';
import { mulawCodec } from '../../sounds/mulaw-codec.ts';
import { paths } from '../../twilio/paths.ts';
import { openAgentTools } from '../../service/agent-tools.ts';
import { startService } from '../../service/start-service.ts';
import type { CallReport } from '../../sim/carrier/call-report.ts';
import type { CarrierNote } from '../../sim/carrier/carrier-events.ts';
import { placeCall } from '../../sim/carrier/hosts/phone.ts';
import type { SocketSession } from '../../sim/model/hosts/model-session.ts';
import { simulatedApiKey, startModelServer } from '../../sim/model/hosts/server.ts';
import { loadScenario, type Scenario } from '../../sim/scenario/scenario.ts';
import { builtInTools } from '../../tools/built-in.ts';
import { readLookupTable } from '../../tools/lookup-file.ts';
import { writeCallWav } from '../call/wav.ts';
import { isBargeInClear } from './barge-in.ts';
import { startParcelService } from './parcel-service.ts';

const publicUrl = 'https://parley.example';
const authToken = 'demo-auth-token';

/** A scenario takes half a minute. Whatever makes it longer is a fault, which nobody should have to wait for. */
const callMsMax = 45_000;

/** Who follows a demo call while it goes on. All times are ms since the call began, as in its call log. */
export interface DemoFollower {
  onStep(event: CallEvent, effects: readonly CallEffect[]): void;
  /** The carrier begins to play the agent after silence. */
  onPlayoutStarted(atMs: number): void;
}

/** What is left of a demo call. */
export interface DemoResult {
  readonly report: CallReport;
  readonly modelSession: SocketSession;
  /** Holds `call.jsonl` and `call.audio`, which are the call log, and `call.wav`. */
  readonly folder: string;
  /** From the model's message to the moment when all of its frames were handed to the socket. */
  readonly frameMs: readonly number[];
  /** From the model's `interrupted` to the moment when `clear` was handed to the socket. */
  readonly clearMs: readonly number[];
}

/**
 * Plays one scenario through the whole service: a simulated phone calls the real webhook and the real WebSocket, and the real SDK
 * talks to a simulated model, all on loopback. Keeps the call in a folder of its own in `outDir`.
 */
export async function runDemoCall(scenarioName: string, outDir: string, follower: DemoFollower): Promise<DemoResult> {
  const callSid = `CA${randomBytes(16).toString('hex')}`;
  const folder = join(outDir, callSid);
  const scenario = loadScenario(scenarioName);
  const config = demoConfig(scenario.agentClips.get('greeting')?.text, folder);
  const log = createLogger('warn', process.stderr);
  const builtIn = builtInTools({
    lookupTable: readLookupTable(fixture('data/orders.csv')),
    destinations: [...config.transferDestinations.keys()],
  });
  const carrier = await startParcelService();
  const agentTools = await openAgentTools(config, {
    builtIn,
    log,
    env: { PARCEL_SERVICE: carrier.host, PARCEL_KEY: carrier.key },
  });
  const modelServer = await startModelServer({ script: scenario.model, clips: scenario.agentClips });
  const observer = new DemoObserver(follower);
  const service = await startService(config, {
    tools: agentTools.tools,
    log,
    modelAccess: { apiKey: simulatedApiKey, baseUrl: modelServer.url },
    observeCall: () => observer,
  });
  let report: CallReport;
  try {
    report = await demoCall(callSid, scenario, service.port, ({ kind, atMs }) => {
      if (kind === 'stream.playoutStarted') follower.onPlayoutStarted(atMs - observer.callStartedAtMs);
    });
  } finally {
    await service.stop(0);
    await modelServer.close();
    await agentTools.close();
    carrier.close();
  }
  const [modelSession] = modelServer.sessions;
  if (modelSession === undefined) throw new RangeError('The call opened no model session.');
  nameLogFiles(folder);
  writeCallWav(folder, report);
  return { report, modelSession, folder, frameMs: observer.frameMs, clearMs: observer.clearMs };
}

/** Calls the service on this machine. The caller hangs up when it takes too long. */
async function demoCall(
  callSid: string,
  scenario: Scenario,
  port: number,
  onNote: (note: CarrierNote) => void,
): Promise<CallReport> {
  const phone = placeCall({
    publicUrl: publicUrl + paths.voice,
    statusCallbackUrl: publicUrl + paths.status,
    target: `http://127.0.0.1:${port}`,
    authToken,
    accountSid: `AC${'0'.repeat(32)}`,
    callSid,
    from: '+12025550123',
    to: '+12025550199',
    script: scenario.caller,
    clips: scenario.callerClips,
    codec: mulawCodec,
    dialOutcomes: scenario.dialOutcomes,
    seed: 1,
    onNote,
  });
  const patience = setTimeout(() => phone.hangUp(), callMsMax);
  try {
    return await phone.ended;
  } finally {
    clearTimeout(patience);
  }
}

function demoConfig(greeting: string | undefined, recordDir: string) {
  return loadConfig({
    PORT: '0',
    ADMIN_PORT: 'off',
    PUBLIC_URL: publicUrl,
    TWILIO_AUTH_TOKEN: authToken,
    GEMINI_API_KEY: simulatedApiKey,
    TRANSFER_DESTINATIONS: 'support=+12025550100,sales=+12025550101',
    AGENT_GREETING: greeting,
    RECORD_DIR: recordDir,
    TOOLS_FILE: fixture('scenarios/parcel-desk.tools.yaml'),
  });
}

function fixture(name: string): string {
  return fileURLToPath(new URL(`../../../fixtures/${name}`, import.meta.url));
}

/** The service names its logs by time and call; in a folder of one call they are simply the call's. */
function nameLogFiles(folder: string): void {
  for (const name of readdirSync(folder)) {
    renameSync(join(folder, name), join(folder, name.replace(/^.*\./, 'call.')));
  }
}

/** Sees what the call log sees, and takes the figures. */
class DemoObserver implements CallObserver {
  readonly frameMs: number[] = [];
  readonly clearMs: number[] = [];
  readonly #follower: DemoFollower;
  #callStartedAtMs: number | null = null;

  constructor(follower: DemoFollower) {
    this.#follower = follower;
  }

  /** When the call began, on the clock of `performance.now()`, which the carrier uses. */
  get callStartedAtMs(): number {
    return this.#callStartedAtMs ?? Number.NaN;
  }

  write(event: CallEvent, effects: readonly CallEffect[], tookMs: number): void {
    this.#callStartedAtMs ??= performance.now() - tookMs - event.atMs;
    if (event.type === 'model.audio' && effects.some(({ type }) => type === 'stream.media')) this.frameMs.push(tookMs);
    if (effects.some((_, at) => isBargeInClear(effects, at))) this.clearMs.push(tookMs);
    this.#follower.onStep(event, effects);
  }

  close(): void {}
}
