import type { BeginTrace } from './trace-span.ts';

/** Where traces go. */
export interface TracingOptions {
  /** The address of a collector that speaks OTLP over HTTP, without a slash at its end. */
  readonly endpoint: string;
  /** What each request carries, such as a key. */
  readonly headers: ReadonlyMap<string, string>;
  readonly serviceName: string;
  /** So many spans were taken by the collector, or were not. */
  readonly onSpans: (fate: 'exported' | 'failed', spans: number) => void;
}

/** Traces on their way to a collector. */
export interface Tracing {
  readonly begin: BeginTrace;
  /** Sends what waits, for at most `msMax`. */
  close(msMax: number): Promise<void>;
}
