import type { AudioPath } from '../audio/audio-path.ts';
import type { CallObserver } from '../call/call-observer.ts';
import type { PriceTable } from '../call/usage.ts';
import type { Config } from '../config/config.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { CallWatch } from '../metrics/call-watch.ts';
import { measureProcess } from '../metrics/process-metrics.ts';
import { type ServiceCounts, ServiceMetrics } from '../metrics/service-metrics.ts';
import { systemClock } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import { CallTrace } from '../tracing/call-trace.ts';
import { startTracing } from '../tracing/start-tracing.ts';

/** How long the last spans may take to reach the collector. */
const tracesMsMax = 2_000;

/** What the agent of a call is made of, as far as metrics and traces tell of it. */
export interface MonitoredAgent {
  /** One of those that `takeAgents` was told. */
  readonly agent: string;
  readonly audioPath: AudioPath;
  readonly models: { readonly first: string; readonly fallback: string };
  /** Null for a simulated model, which costs nothing. */
  readonly prices: PriceTable | null;
}

/** What watches a service for its operator. */
export interface Monitoring {
  /** Null where nobody can ask for them. */
  readonly metrics: Metrics | null;
  /** Makes what observes a call that begins. */
  readonly observe: (callSid: string, agent: MonitoredAgent) => readonly CallObserver[];
  /** Figures are told apart by these agents from here on. */
  readonly takeAgents: (names: readonly string[]) => void;
  /** Reads these counts for the metrics. */
  readonly watch: (counts: ServiceCounts) => void;
  /** Sends the last spans, in bounded time. */
  readonly close: () => Promise<void>;
}

/**
 * Begins to count where there is a port at which somebody can ask, and to send traces where a collector is configured. What neither takes
 * is not loaded.
 */
export async function startMonitoring(
  { admin, tracing }: Pick<Config, 'admin' | 'tracing'>,
  tools: readonly string[],
  log: Logger,
): Promise<Monitoring> {
  const metrics = admin.port === null ? null : new (await import('../metrics/metrics.ts')).Metrics(tools);
  const calls = metrics === null ? null : new ServiceMetrics(metrics);
  const stopMeasuring = metrics === null ? null : measureProcess(metrics);
  const onSpans = (fate: 'exported' | 'failed', spans: number): void =>
    metrics?.add('parley_spans_total', { fate }, spans);
  const traces = tracing === null ? null : await startTracing({ ...tracing, onSpans }, log);
  const toolNames = new Set(tools);
  return {
    metrics,
    observe(callSid, { audioPath, ...agent }) {
      const watchers = [
        ...(calls === null ? [] : [calls.observe(callSid, agent)]),
        ...(traces === null
          ? []
          : [new CallTrace({ ...agent, begin: traces.begin, callSid, tools: toolNames, unixMs })]),
      ];
      return watchers.length === 0 ? [] : [new CallWatch(audioPath, watchers)];
    },
    takeAgents: (names) => metrics?.takeAgents(names),
    watch: (counts) => calls?.watch(counts),
    async close() {
      stopMeasuring?.();
      await traces?.close(tracesMsMax);
    },
  };
}

function unixMs(): number {
  return systemClock.unixMs();
}
