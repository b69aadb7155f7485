import {
  type Context,
  ROOT_CONTEXT,
  type Span as SdkSpan,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter, TracerProvider } from '@opentelemetry/sdk-trace';
import type { Logger } from '../system/logger.ts';
import { within } from '../system/within.ts';
import type { SpanFacts, TraceSpan } from './trace-span.ts';
import type { Tracing, TracingOptions } from './tracing.ts';

/** A call of an hour has some 400 spans, each about a kilobyte. Beyond this many, spans are dropped until the collector answers again. */
const waitingSpansMax = 4_096;

/** How long a batch waits to be filled, and how long the collector may take for it. */
const batchMs = 2_000;
const exportMsMax = 10_000;

/** No text of ours is longer. */
const factCharactersMax = 200;

/** Sends traces to a collector, in batches and in the background. Whatever the collector does, no call notices. */
export function openOtlp({ endpoint, headers, serviceName, onSpans }: TracingOptions, log: Logger): Tracing {
  const exporter = new OTLPTraceExporter({
    url: `${endpoint}/v1/traces`,
    headers: Object.fromEntries(headers),
    timeoutMillis: exportMsMax,
    concurrencyLimit: 2,
  });
  const provider = new TracerProvider({
    resource: resourceFromAttributes({ 'service.name': serviceName }),
    spanLimits: { attributeValueLengthLimit: factCharactersMax },
    spanProcessors: [
      new BatchSpanProcessor({
        exporter: watched(exporter, onSpans, log),
        maxQueueSize: waitingSpansMax,
        scheduledDelayMillis: batchMs,
        exportTimeoutMillis: exportMsMax,
      }),
    ],
  });
  const tracer = provider.getTracer('parley');
  return {
    begin: (name, sinceMs, facts) => new OtlpSpan(tracer, ROOT_CONTEXT, name, sinceMs, facts),
    async close(msMax) {
      // What the collector does not take in time is lost, and told as a failed export.
      await within(
        provider.shutdown().catch(() => {}),
        msMax,
      );
    },
  };
}

/** Tells how many spans were taken, and the log once when the collector begins to refuse and once when it takes them again. */
function watched(exporter: SpanExporter, onSpans: TracingOptions['onSpans'], log: Logger): SpanExporter {
  let isFailing = false;
  return {
    export(spans: ReadableSpan[], done) {
      exporter.export(spans, (result) => {
        const failed = result.error !== undefined;
        onSpans(failed ? 'failed' : 'exported', spans.length);
        if (failed && !isFailing) log.warn({ err: result.error, spans: spans.length }, 'tracesRefused');
        if (!failed && isFailing) log.info({ spans: spans.length }, 'tracesTaken');
        isFailing = failed;
        done(result);
      });
    },
    shutdown: () => exporter.shutdown(),
    forceFlush: async () => exporter.forceFlush?.(),
  };
}

class OtlpSpan implements TraceSpan {
  readonly #tracer: Tracer;
  readonly #span: SdkSpan;
  readonly #context: Context;

  constructor(tracer: Tracer, parent: Context, name: string, sinceMs: number, facts: SpanFacts) {
    this.#tracer = tracer;
    this.#span = tracer.startSpan(name, { startTime: sinceMs, attributes: { ...facts } }, parent);
    this.#context = trace.setSpan(parent, this.#span);
  }

  child(name: string, sinceMs: number, facts: SpanFacts): TraceSpan {
    return new OtlpSpan(this.#tracer, this.#context, name, sinceMs, facts);
  }

  tell(facts: SpanFacts): void {
    this.#span.setAttributes({ ...facts });
  }

  fail(why: string): void {
    this.#span.setStatus({ code: SpanStatusCode.ERROR, message: why });
  }

  end(atMs: number): void {
    this.#span.end(atMs);
  }
}
