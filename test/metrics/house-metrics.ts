import { builtInPrices } from '../../src/config/prices.ts';
import { CallMetrics } from '../../src/metrics/call-metrics.ts';
import { Metrics } from '../../src/metrics/metrics.ts';
import { tools } from './played-calls.ts';

const models = { first: 'gemini-3.8-live', fallback: 'gemini-3.8-live-extended-thinking' };

/** The metrics of a service with one agent, `house`. */
export function metricsOfHouse(): Metrics {
  const metrics = new Metrics(tools);
  metrics.takeAgents(['house']);
  return metrics;
}

/** Counts one call of that agent. `prices`: null for a simulated model. */
export function observer(metrics: Metrics, prices: typeof builtInPrices | null = builtInPrices): CallMetrics {
  return new CallMetrics({ metrics, agent: 'house', models, prices });
}
