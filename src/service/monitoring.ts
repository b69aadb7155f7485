import type { AudioPath } from '../audio/audio-path.ts';
import type { CallObserver } from '../call/call-observer.ts';
import type { PriceTable } from '../call/usage.ts';
import type { Config } from '../config/config.ts';
import { Metrics } from '../metrics/metrics.ts';
import { measureProcess } from '../metrics/process-metrics.ts';
import { ServiceMetrics } from '../metrics/service-metrics.ts';
import { systemClock } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import { CallTrace } from '../tracing/call-trace.ts';
import { startTracing } from '../tracing/start-tracing.ts';

/** How long the last spans may take to reach the collector. */
const tracesMsMax = 2_000;

/** What the agent of a call is made of, as far as metrics and traces tell of it. */
export interface MonitoredAgent {
  readonly audioPath: AudioPath;
  readonly models: { readonly first: string; readonly fallback: string };
  /** Null for a simulated model, which costs nothing. */
  readonly prices: PriceTable | null;
}

/** What watches a service for its operator. */
export interface Monitoring {
  readonly metrics: Metrics;
  readonly service: ServiceMetrics;
  /** Makes what observes a call that begins. */
  readonly observe: (callSid: string, agent: MonitoredAgent) => readonly CallObserver[];
  /** Sends the last spans, in bounded time. */
  readonly close: () => Promise<void>;
}

/** Begins to count, and to send traces where a collector is configured. */
export async function startMonitoring(
  { tracing }: Pick<Config, 'tracing'>,
  tools: readonly string[],
  log: Logger,
): Promise<Monitoring> {
  const metrics = new Metrics(tools);
  const service = new ServiceMetrics(metrics);
  const stopMeasuring = measureProcess(metrics);
  const onSpans = (fate: 'exported' | 'failed', spans: number): void =>
    metrics.add('parley_spans_total', { fate }, spans);
  const traces = tracing === null ? null : await startTracing({ ...tracing, onSpans }, log);
  const toolNames = new Set(tools);
  return {
    metrics,
    service,
    observe(callSid, { audioPath, models, prices }) {
      const counts = service.observe(callSid, { audioPath, models, prices });
      if (traces === null) return [counts];
      const { begin } = traces;
      const unixMs = (): number => systemClock.unixMs();
      return [counts, new CallTrace({ begin, callSid, audioPath, models, tools: toolNames, unixMs })];
    },
    async close() {
      stopMeasuring();
      await traces?.close(tracesMsMax);
    },
  };
}
