import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import type { CheckFinding } from '../../../src/cli/doctor/check.ts';
import { diagnose, type Diagnosis } from '../../../src/cli/doctor/diagnose.ts';
import { loadConfig } from '../../../src/config/load/load-config.ts';
import { startSettings } from '../../../src/config/load/start-settings.ts';
import { startService } from '../../../src/service/start-service.ts';
import { startRestServer, type RestServerOptions } from '../../../src/sim/carrier/hosts/rest-server.ts';
import type { RestNumber } from '../../../src/sim/carrier/rest/rest-account.ts';
import { type ModelServer, type ModelServerOptions, startModelServer } from '../../../src/sim/model/hosts/server.ts';
import { LogLines } from '../../log-lines.ts';
import { restNumber } from '../../sim/carrier/rest-number.ts';
import { toneClip } from '../../tone.ts';
import { loopbackClient } from '../../twilio/loopback-client.ts';
import { freePort, startTunnel, type TunnelFaults } from './tunnel.ts';

export const publicUrl = 'https://calls.orderdesk.dev';
const accountSid = 'AC5e83d06a9b1f27c4a0d35e8897c2b146';
export const authToken = '9b1f27c4a0d35e8897c2b1460fde3a75';
export const geminiKey = 'gemini-key-5e83d06a';
export const ownNumber = '+15005550001';

export const clips = new Map([['beep', toneClip(600, 100, 'Beep.')]]);
export const beep = { steps: [{ say: 'beep' }] };
const lookUp = {
  steps: [{ call: { name: 'lookup_record', args: { query: 'A1042' }, answered: [{ say: 'beep' }] } }],
};

/** A model that greets, answers what it hears, looks something up, and answers again when it is resumed. */
export const wellScript = {
  turns: [beep, { ...beep, heard: 'The number I have is A1042.' }, lookUp, beep],
  setupMs: 0,
  latencyMs: 0,
};

/** What is wrong in the world, and with the settings. */
export interface Trouble {
  readonly env?: Readonly<Record<string, string>>;
  readonly account?: Partial<RestServerOptions>;
  readonly number?: Partial<RestNumber>;
  readonly model?: Partial<ModelServerOptions>;
  readonly tunnel?: TunnelFaults;
  /** Settings with which a service runs on the port; none runs unless set. */
  readonly service?: Readonly<Record<string, string>>;
  readonly world?: Partial<Diagnosis['world']>;
  readonly wants?: Diagnosis['wants'];
}

/** An admin's machine with everything set up right, but for one trouble: what the doctor finds there. */
export async function findingsFor(context: TestContext, trouble: Trouble = {}) {
  const { onTestFinished } = context;
  const model = await startModelServer({ script: wellScript, clips, apiKey: geminiKey, ...trouble.model });
  onTestFinished(() => model.close());
  const rest = await startRestServer({
    accountSid,
    credentials: [{ user: accountSid, password: authToken }],
    callBySid: () => undefined,
    numbers: [wellNumber(trouble.number)],
    primaryToken: authToken,
    ...trouble.account,
  });
  onTestFinished(() => rest.close());
  const port = await freePort();
  const environment = { ...wellEnvironment(model, port), ...trouble.env };
  if (trouble.service !== undefined) {
    const config = loadConfig({ ...environment, ...trouble.service });
    const service = await startService(config, { tools: new Map(), log: new LogLines('silent').logger });
    onTestFinished(() => void service.stop(0));
  }
  const tunnel = await startTunnel(context, port, trouble.tunnel);
  const findings: CheckFinding[] = [];
  await diagnose({
    load: () => startSettings({ ...environment }),
    written: new Map(Object.entries(environment)),
    wants: trouble.wants ?? (() => true),
    world: {
      env: environment,
      nodeVersion: process.versions.node,
      unixMs: Date.now,
      route: (url) =>
        url.replace(/^(https|wss):\/\/calls\.orderdesk\.dev/, (_, scheme: string) =>
          scheme === 'wss' ? tunnel.replace('http', 'ws') : tunnel,
        ),
      twilioHttp: loopbackClient(rest.url, 60_000),
      ...trouble.world,
    },
    tell: (finding) => findings.push(finding),
  });
  return { findings, model };
}

/** The settings of a right set-up. */
function wellEnvironment({ url }: ModelServer, port: number): Record<string, string> {
  return {
    PARLEY_ENV_FILE: 'off',
    PORT: String(port),
    ADMIN_PORT: 'off',
    MODEL_SETUP_MS: '5000',
    JOURNAL_FILE: join(tmpdir(), 'parley-doctor', 'journal.sqlite'),
    PUBLIC_URL: publicUrl,
    TWILIO_ACCOUNT_SID: accountSid,
    TWILIO_AUTH_TOKEN: authToken,
    GEMINI_API_KEY: geminiKey,
    GEMINI_BASE_URL: url,
    AGENT_PROMPT: 'You are the order desk of a small shop. Help the caller to find out where an order is.',
    LOOKUP_FILE: 'fixtures/data/orders.csv',
    TRANSFER_DESTINATIONS: 'support=+493023125001',
    FALLBACK_DESTINATION: '+493023125001',
  };
}

/** A number that leads to the service, as the README says. */
function wellNumber(changes: Partial<RestNumber> = {}): RestNumber {
  return restNumber({
    phoneNumber: ownNumber,
    voiceUrl: `${publicUrl}/twilio/voice#rc=5&rp=ct,rt,5xx`,
    voiceFallbackUrl: 'https://handler.twilio.com/twiml/EH1',
    statusCallback: `${publicUrl}/twilio/status`,
    ...changes,
  });
}
