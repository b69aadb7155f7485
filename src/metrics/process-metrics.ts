import { type EventLoopUtilization, monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Metrics } from './metrics.ts';

/** How often the event loop is looked at: as often as a frame comes. */
const lookEveryMs = 20;

/** Has the process itself measured: CPU, memory, and how late its timers are. Returns what ends it. */
export function measureProcess(metrics: Metrics): () => void {
  const delays = monitorEventLoopDelay({ resolution: lookEveryMs });
  delays.enable();
  let before: EventLoopUtilization = performance.eventLoopUtilization();
  metrics.set('process_start_time_seconds', {}, performance.timeOrigin / 1000);
  metrics.onScrape(() => {
    const hasLooked = delays.count > 0;
    metrics.set(
      'parley_event_loop_delay_seconds',
      { of: 'median' },
      hasLooked ? lateSeconds(delays.percentile(50)) : 0,
    );
    metrics.set('parley_event_loop_delay_seconds', { of: 'p99' }, hasLooked ? lateSeconds(delays.percentile(99)) : 0);
    metrics.set('parley_event_loop_delay_seconds', { of: 'max' }, hasLooked ? lateSeconds(delays.max) : 0);
    delays.reset();
    const now = performance.eventLoopUtilization();
    metrics.set('parley_event_loop_busy_ratio', {}, performance.eventLoopUtilization(now, before).utilization);
    before = now;
    const { rss, heapUsed } = process.memoryUsage();
    metrics.set('process_resident_memory_bytes', {}, rss);
    metrics.set('nodejs_heap_used_bytes', {}, heapUsed);
    const { user, system } = process.cpuUsage();
    metrics.raiseTo('process_cpu_seconds_total', {}, (user + system) / 1e6);
  });
  return () => delays.disable();
}

/** The time that lies between two looks anyhow is no delay. */
function lateSeconds(ns: number): number {
  return Math.max(0, ns / 1e9 - lookEveryMs / 1000);
}
