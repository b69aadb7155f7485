import { type Logger, pino } from 'pino';

export type { Logger };

/** Where log lines go. Tests read them; the service writes to standard output. */
export type LogSink = Parameters<typeof pino>[1];

/**
 * Makes the service's logger: JSON lines, an event name and fields. Personal data stands only under `pii`, which is taken out of
 * every line, whatever the level.
 */
export function createLogger(level: string, sink?: LogSink): Logger {
  const options = {
    level,
    base: null,
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: label }) },
    redact: { paths: ['pii'], remove: true },
  };
  // Standard output is written at once: lines that still wait when the process exits come out of order, or not at all.
  return pino(options, sink ?? pino.destination({ dest: 1, sync: true }));
}
