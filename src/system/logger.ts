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
    serializers: { err: errorWithoutWords },
  };
  // Standard output is written at once: lines that still wait when the process exits come out of order, or not at all.
  return pino(options, sink ?? pino.destination({ dest: 1, sync: true }));
}

/**
 * An error for the log: its kind and where it happened. Its message and members may hold what a caller said, or the headers of a
 * request with its key; a name, a code and lines that look like a stack can be made of such words as well.
 */
function errorWithoutWords(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const frames = (error.stack ?? '').split('\n').filter((line) => /^ {4}at [^ ].*:\d+:\d+\)?$/.test(line));
  const code = 'code' in error && isPlainCode(error.code) ? { code: error.code } : {};
  return { type: error.constructor.name, ...code, stack: frames.join('\n') };
}

/** A code as programs have them, such as `ECONNRESET` or 21220. Five digits are in no number of a person. */
function isPlainCode(code: unknown): boolean {
  return (typeof code === 'string' || typeof code === 'number') && /^(?!.*\d{6})[\w.-]{1,60}$/.test(String(code));
}
