import type { Logger } from '../system/logger.ts';
import type { Tracing, TracingOptions } from './tracing.ts';

/** Begins to send traces. The packages that it takes are loaded only here, because most services have no collector. */
export async function startTracing(options: TracingOptions, log: Logger): Promise<Tracing> {
  const { openOtlp } = await import('./otlp.ts');
  return openOtlp(options, log);
}
