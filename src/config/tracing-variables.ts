import { z } from 'zod';

import { about } from './about.ts';
import { baseUrl, textUpTo } from './parsers.ts';

const monitoring = { group: 'Monitoring' };

/** `api-key=secret,tenant=one`: what each request to the collector carries, written as OpenTelemetry has it. */
const requestHeaders = z.string().transform((text, context): ReadonlyMap<string, string> => {
  const headers = new Map<string, string>();
  for (const [index, entry] of text.split(',').entries()) {
    const [, name, value] = /^\s*([\w-]+)\s*=\s*([\x21-\x7e][\x20-\x7e]*?)\s*$/.exec(entry) ?? [];
    const decoded = value === undefined ? null : decodedHeader(value);
    if (name === undefined || decoded === null) {
      context.addIssue(`has a wrong entry ${index + 1}; it wants name=value, several with "," between them.`);
    } else headers.set(name, decoded);
  }
  return headers;
});

function decodedHeader(value: string): string | null {
  try {
    return decodeURIComponent(value);
  } catch {
    return null;
  }
}

/** The variables of tracing, part of `environment`. Their names are those of OpenTelemetry. */
export const tracingVariables = {
  OTEL_EXPORTER_OTLP_ENDPOINT: baseUrl.optional().register(about, {
    ...monitoring,
    doc: 'Collector for traces that speaks OTLP over HTTP, such as http://127.0.0.1:4318. Unset: no traces.',
  }),
  OTEL_EXPORTER_OTLP_HEADERS: requestHeaders.optional().register(about, {
    ...monitoring,
    doc: 'What each request to the collector carries, such as api-key=secret.',
    secret: true,
  }),
  OTEL_SERVICE_NAME: textUpTo(100)
    .default('parley')
    .register(about, {
      ...monitoring,
      doc: 'Name of this service in the traces.',
    }),
};

/** Where traces go. */
export interface TracingConfig {
  readonly endpoint: string;
  /** What each request carries. */
  readonly headers: ReadonlyMap<string, string>;
  readonly serviceName: string;
}

/** Where traces go by these values; null without a collector. */
export function tracingConfig(values: z.output<z.ZodObject<typeof tracingVariables>>): TracingConfig | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, OTEL_EXPORTER_OTLP_HEADERS: headers } = values;
  if (endpoint === undefined) return null;
  return { endpoint, headers: headers ?? new Map(), serviceName: values.OTEL_SERVICE_NAME };
}
