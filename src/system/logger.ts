import { type Logger, pino } from 'pino';
import { shortText } from '../encoding/short-text.ts';
import { type LineWriter, standardOutput } from './line-writer.ts';

export type { Logger };

/** Where log lines go. Tests read them; the service writes to standard output. */
export type LogSink = Parameters<typeof pino>[1];

/** The reason of an error fits. What is longer was made to be long. */
const textCharsMax = 400;

/**
 * Makes the service's logger: JSON lines, an event name and fields. Personal data stands only under `pii`, which is taken out of
 * every line, whatever the level. Long texts are cut. Lines go to standard output, which may stall or break without harm
 * (`line-writer.ts`), unless there is a `sink`.
 */
export function createLogger(level: string, sink?: LogSink): Logger {
  const redacted = { redact: { paths: ['pii'], remove: true }, serializers: { err: errorWithoutWords } };
  return pino({ ...loggerOptions(level), ...redacted }, sink ?? (level === 'silent' ? nowhere : logOutput()));
}

/** For a logger that never writes. Whatever goes to standard output waits for the end of the process, and a command makes several of these. */
const nowhere: LogSink = { write: () => {} };

/** A logger that leaves nothing out, for a person who tries something and has no caller. */
export function createDeskLogger(level: string, sink: LogSink): Logger {
  return pino(loggerOptions(level), sink);
}

function loggerOptions(level: string) {
  return {
    level,
    base: null,
    timestamp: () => `,"time":"${now()}"`,
    formatters: { level: (label: string) => ({ level: label }), log: withShortTexts },
  };
}

/** Standard output for log lines. */
export function logOutput(): LineWriter {
  return standardOutput(lossLine);
}

function lossLine(lines: number): string {
  return `${JSON.stringify({ level: 'warn', time: now(), lines, msg: 'logLinesLost' })}\n`;
}

function now(): string {
  return new Date().toISOString();
}

function withShortTexts(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? shortText(value, textCharsMax) : value,
    ]),
  );
}

/**
 * An error for the log: its kind and where it happened. Its message and members may hold what a caller said, or the headers of a
 * request with its key; a name, a code and lines that look like a stack can be made of such words as well.
 */
function errorWithoutWords(error: unknown): object {
  if (!(error instanceof Error)) return { type: typeof error };
  // The message stands above the frames, and a line of it may look like one.
  const frames = (error.stack ?? '')
    .replace(error.message, '')
    .split('\n')
    .filter((line) => /^ {4}at [^ ].*:\d+:\d+\)?$/.test(line));
  const code = 'code' in error && isPlainCode(error.code) ? { code: error.code } : {};
  return { type: error.constructor.name, ...code, stack: frames.join('\n') };
}

/** A code as programs have them, such as `ECONNRESET` or 21220. Six digits in a row may be of a person's number. */
function isPlainCode(code: unknown): boolean {
  return (typeof code === 'string' || typeof code === 'number') && /^(?!.*\d{6})[\w.-]{1,60}$/.test(String(code));
}
