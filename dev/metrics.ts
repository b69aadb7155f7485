/**
 * Shows what metrics and traces cost: `npm run bench:metrics`. The same calls are played in virtual time without them, with metrics, and with
 * both, in turn and in one process, so that a busy machine slows all alike. What they add is compared with what a call costs the service
 * over real sockets, which is measured in the same run. Exits with 1 when they cost too much. Needs Linux.
 */
import { createServer } from 'node:http';
import { parseArgs } from 'node:util';
import { setTimeout as delay } from 'node:timers/promises';
import { listenOnAnyPort } from '../test/any-port.ts';
import { helpIfAsked } from '../src/cli/help.ts';
import { medianOf } from './figures/quantiles.ts';
import { wholeNumberOption } from '../src/cli/terminal/whole-number-option.ts';
import type { CallEffect } from '../src/call/effects.ts';
import type { CallEvent } from '../src/call/events.ts';
import { builtInPrices } from '../src/config/prices.ts';
import { CallMetrics } from '../src/metrics/call-metrics.ts';
import { CallWatch, type CallWatcher } from '../src/metrics/call-watch.ts';
import { Metrics } from '../src/metrics/metrics.ts';
import { simulateCall, simulatedModelId } from '../src/sim/run/call.ts';
import { simulatedTools } from '../src/sim/run/simulated-tools.ts';
import { longCallScenario } from '../src/sim/run/long-call.ts';
import { standardAudioPath } from '../src/sounds/standard-audio-path.ts';
import { createLogger } from '../src/system/logger.ts';
import { CallTrace } from '../src/tracing/call-trace.ts';
import { startTracing } from '../src/tracing/start-tracing.ts';
import { ViewersBench } from './viewers/viewers-bench.ts';

const usage = `Usage: npm run bench:metrics -- [options]
  Shows what metrics and traces add to the CPU time of a call over real sockets. Needs Linux.
  --rounds N   how often the call is played with each; 25 unless set`;

/** Metrics and traces may add so much to the CPU time of a call. */
const costMax = 0.03;

/** The service is looked at with so many calls that talk all the time, so often, for so long. */
const service = { calls: 50, samples: 3, sampleMs: 5_000 };

/** Longer than a batch of spans waits to be sent. */
const sentMs = 2_500;

/** The caller and the agent take turns of six seconds. */
const callMinutes = 2;

const kinds = ['neither', 'metrics', 'metrics and traces'] as const;
const models = { first: simulatedModelId, fallback: simulatedModelId };
const tools = [...simulatedTools.keys()];

/** Plays the call. Returns how much CPU time it took and how long it was. */
function play(watchers: readonly CallWatcher[]): { readonly cpuMs: number; readonly callMs: number } {
  const watch = new CallWatch(standardAudioPath, watchers);
  const observer = watchers.length === 0 ? {} : { observer: { onStep: onStepOf(watch) } };
  const begin = process.cpuUsage();
  const { callMs } = simulateCall(longCallScenario(callMinutes), { ...observer, hashes: false });
  return { cpuMs: cpuMsSince(begin), callMs };
}

function cpuMsSince(begin: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(begin);
  return (user + system) / 1000;
}

function onStepOf(watch: CallWatch) {
  return (_atMs: number, event: CallEvent, effects: readonly CallEffect[]): void => watch.write(event, effects, 0.2);
}

async function main(): Promise<number> {
  const { values } = parseArgs({ options: { rounds: { type: 'string' } } });
  const rounds = wholeNumberOption('--rounds', values.rounds ?? '25', 1);
  const collector = createServer((req, res) => req.resume().on('end', () => res.end()));
  const endpoint = `http://127.0.0.1:${await listenOnAnyPort(collector)}`;
  const options = { endpoint, headers: new Map(), serviceName: 'bench', onSpans: () => {} };
  const tracing = await startTracing(options, createLogger('silent', { write: () => {} }));
  const metrics = new Metrics(tools);
  const agent = 'house';
  metrics.takeAgents([agent]);
  const counts = (): CallWatcher => new CallMetrics({ metrics, agent, models, prices: builtInPrices });
  const trace = (): CallWatcher =>
    new CallTrace({ begin: tracing.begin, callSid: 'CA', agent, models, tools: new Set(tools), unixMs: Date.now });
  const watchers = { neither: () => [], metrics: () => [counts()], 'metrics and traces': () => [counts(), trace()] };
  const cpuMs = new Map<string, number[]>(kinds.map((kind) => [kind, []]));
  // The first rounds do not count, because the code is compiled in them.
  const { callMs } = play(watchers.neither());
  for (let round = -3; round < rounds; round += 1) {
    // Each kind is as often the first as the others.
    for (const index of kinds.keys()) {
      const kind = kinds[(index + round + kinds.length) % kinds.length] ?? 'neither';
      const played = play(watchers[kind]());
      if (round >= 0) cpuMs.get(kind)?.push(played.cpuMs);
    }
  }
  const beforeSending = process.cpuUsage();
  await delay(sentMs);
  const sendMs = cpuMsSince(beforeSending) / rounds;
  const beforeScrape = process.cpuUsage();
  const series = (await metrics.scrape()).split('\n').filter((line) => line !== '' && !line.startsWith('#')).length;
  const scrapeMs = cpuMsSince(beforeScrape);
  await tracing.close(1_000);
  collector.closeAllConnections();
  collector.close();
  return tell(cpuMs, { callSeconds: callMs / 1000, series, scrapeMs, sendMs, serviceMs: await serviceMsPerSecond() });
}

/** What a second of a call costs the service over real sockets, in ms of CPU time. */
async function serviceMsPerSecond(): Promise<number> {
  const { calls, samples, sampleMs } = service;
  const bench = await ViewersBench.start(calls);
  const shares: number[] = [];
  while (shares.length < samples) {
    shares.push((await bench.measure({ name: 'nobody', watching: 0, listening: 0 }, sampleMs)).cpuShare);
  }
  bench.stop();
  return (1000 * medianOf(shares)) / calls;
}

interface MoreFigures {
  readonly callSeconds: number;
  readonly series: number;
  readonly scrapeMs: number;
  /** What it took to send the spans of a call. */
  readonly sendMs: number;
  /** What a second of a call costs the service. */
  readonly serviceMs: number;
}

/** Prints the medians. Returns 1 when something costs too much. */
function tell(
  cpuMs: ReadonlyMap<string, readonly number[]>,
  { callSeconds, series, scrapeMs, sendMs, serviceMs }: MoreFigures,
): number {
  const base = cpuMs.get(kinds[0]) ?? [];
  console.log(
    `What is added to ${serviceMs.toFixed(2)} ms, the CPU time that a second of a call costs the service with ${service.calls} of them; medians of ${base.length} rounds that took turns:`,
  );
  let isCheap = true;
  for (const kind of kinds.slice(1)) {
    const alone = cpuMs.get(kind) ?? [];
    const all = kind === 'metrics and traces' ? alone.map((each) => each + sendMs) : alone;
    const addedMs = medianOf(all.map((each, round) => each - (base[round] ?? Number.NaN))) / callSeconds;
    if (!(addedMs <= costMax * serviceMs)) isCheap = false;
    console.log(`  ${addedMs.toFixed(3)} ms  ${((100 * addedMs) / serviceMs).toFixed(1).padStart(5)} %  ${kind}`);
  }
  console.log(
    `A scrape of ${series} series takes ${scrapeMs.toFixed(1)} ms. Sending the spans of a call takes ${sendMs.toFixed(1)} ms.`,
  );
  return isCheap ? 0 : 1;
}

helpIfAsked(usage);
process.exitCode = await main();
