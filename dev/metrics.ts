/**
 * Shows what metrics and traces cost: `npm run bench:metrics`. Services without them, with metrics, and with both run side by side, each
 * with the same calls, and a busy machine slows all alike. Prints medians.
 */
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { helpIfAsked } from '../src/cli/help.ts';
import { wholeNumberOption } from '../src/cli/whole-number-option.ts';
import { median } from '../src/cli/simulate/bench.ts';
import { loadCallerClips } from '../src/sim/caller/caller-clips.ts';
import { type PhoneCall, placeCall } from '../src/sim/carrier/hosts/phone.ts';
import { startModelServer } from '../src/sim/model/hosts/server.ts';
import { loadAgentClips } from '../src/sim/model/speech/agent-clips.ts';
import { mulawCodec } from '../src/sounds/mulaw-codec.ts';
import { MeasuredService } from './metrics/measured-service.ts';

const usage = `Usage: npm run bench:metrics -- [--calls N] [--windows N] [--seconds N]
  Shows what metrics and traces cost in CPU time, beside a service without them. Needs Linux.
  --calls    Calls that each service has at the same time (10).
  --windows  How often the CPU time is compared (12).
  --seconds  How long each comparison takes (5).`;

/** Metrics and traces may cost so much more CPU time. */
const costMax = 0.03;

/** Three times as often as Prometheus asks in deploy/grafana/prometheus.yml. */
const scrapeEveryMs = 5_000;

/** Calls begin one after the other, and are all there by then. */
const warmUpMs = 8_000;

const account = {
  publicUrl: 'https://parley.example/twilio/voice',
  authToken: 'bench-auth-token-5f0a',
  accountSid: `AC${'7'.repeat(32)}`,
};
const key = 'bench-gemini-key-91c3';
const adminToken = 'bench-admin-token-2ab7';

/** The services that are compared; the first is what the others are compared with. */
const kinds = ['neither', 'metrics', 'metrics and traces'] as const;

function environmentOf(kind: (typeof kinds)[number], modelUrl: string, collectorUrl: string): Record<string, string> {
  return {
    PORT: '0',
    ADMIN_PORT: kind === 'neither' ? 'off' : '0',
    ADMIN_TOKEN: adminToken,
    PUBLIC_URL: 'https://parley.example',
    TWILIO_AUTH_TOKEN: account.authToken,
    GEMINI_API_KEY: key,
    GEMINI_BASE_URL: modelUrl,
    JOURNAL_FILE: 'off',
    ...(kind === 'metrics and traces' ? { OTEL_EXPORTER_OTLP_ENDPOINT: collectorUrl } : {}),
  };
}

/** A caller who talks with the agent for as long as the bench lasts. */
function talk(port: number, seed: number): PhoneCall {
  const turn = [
    { say: 'order-number' },
    { waitFor: 'agentSpeaking' as const },
    { waitFor: 'agentQuiet' as const, ms: 500 },
  ];
  const steps = [{ waitFor: 'agentQuiet' as const, ms: 500 }, ...Array.from({ length: 500 }, () => turn).flat()];
  const target = `http://127.0.0.1:${port}`;
  const clips = loadCallerClips();
  return placeCall({
    ...account,
    target,
    from: '+15550177',
    to: '+15550188',
    script: { steps },
    clips,
    codec: mulawCodec,
    seed,
  });
}

interface Figures {
  readonly cpuMs: number[];
}

/** Lets services of all kinds work side by side, and takes the CPU time of each in every window. */
async function measure(calls: number, windows: number, windowMs: number): Promise<Map<string, Figures>> {
  const agentClips = loadAgentClips();
  const script = { turns: [{ steps: [{ say: 'simulation-nothing-more' }] }], repeat: true };
  const model = await startModelServer({ script, clips: agentClips, apiKey: key });
  const collector = createServer((req, res) => req.resume().on('end', () => res.end()));
  await new Promise<void>((resolve) => void collector.listen(0, '127.0.0.1', resolve));
  const address = collector.address();
  const collectorUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`;
  const services = await Promise.all(
    kinds.map(async (kind) => MeasuredService.start(environmentOf(kind, model.url, collectorUrl))),
  );
  const scrapes = setInterval(() => {
    for (const { adminPort } of services) if (adminPort !== 0) void scrape(adminPort);
  }, scrapeEveryMs);
  const figures = new Map<string, Figures>(kinds.map((kind) => [kind, { cpuMs: [] }]));
  const phones: PhoneCall[] = [];
  for (let call = 0; call < calls; call += 1) {
    services.forEach(({ port }, index) => phones.push(talk(port, 1 + call * kinds.length + index)));
    await delay(warmUpMs / calls);
  }
  for (let window = 0; window < windows; window += 1) {
    const before = services.map(({ cpuMs }) => cpuMs);
    await delay(windowMs);
    services.forEach(({ cpuMs }, index) => figures.get(kinds[index] ?? '')?.cpuMs.push(cpuMs - (before[index] ?? 0)));
  }
  clearInterval(scrapes);
  for (const phone of phones) phone.hangUp();
  await Promise.all(phones.map(async ({ ended }) => ended));
  await Promise.all(services.map(async (service) => service.stop()));
  await model.close();
  collector.closeAllConnections();
  collector.close();
  return figures;
}

async function scrape(port: number): Promise<void> {
  const response = await fetch(`http://127.0.0.1:${port}/metrics`, {
    headers: { authorization: `Bearer ${adminToken}` },
  });
  if (!response.ok) throw new Error(`The metrics answer ${response.status}.`);
  await response.text();
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: { calls: { type: 'string' }, windows: { type: 'string' }, seconds: { type: 'string' } },
  });
  const calls = wholeNumberOption('--calls', values.calls ?? '10', 1);
  const windows = wholeNumberOption('--windows', values.windows ?? '12', 1);
  const seconds = wholeNumberOption('--seconds', values.seconds ?? '5', 1);
  const figures = await measure(calls, windows, seconds * 1000);
  const [first] = kinds;
  const base = figures.get(first)?.cpuMs ?? [];
  console.log(
    `CPU time of a second of a call, and how much more than without; medians of ${windows} windows of ${seconds} s with ${calls} calls:`,
  );
  let isCheap = true;
  for (const kind of kinds) {
    const { cpuMs } = figures.get(kind) ?? { cpuMs: [] };
    if (process.env.RAW) console.log(cpuMs.map((x) => Math.round(x)).join(' '));
    const more = median(cpuMs.map((each, index) => each / (base[index] ?? Number.NaN) - 1));
    if (more > costMax) isCheap = false;
    console.log(
      `  ${(median(cpuMs) / seconds / calls).toFixed(2)} ms  ${(100 * more).toFixed(1).padStart(5)} %  ${kind}`,
    );
  }
  return isCheap ? 0 : 1;
}

helpIfAsked(usage);
process.exitCode = await main();
