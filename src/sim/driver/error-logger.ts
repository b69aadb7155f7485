import { pino } from 'pino';
import type { Logger } from '../../system/logger.ts';

/** A tool may throw, and a model turn its callers away. Every other error of the log is a fault of ours. */
const expected: ReadonlySet<unknown> = new Set(['toolThrew', 'modelRefused']);

/** A fault of ours that a simulation wants. */
export class PlannedFault extends Error {}

/** A logger that writes nothing, and tells of what must not happen: an error that Parley caught and survived. */
export function errorLogger(onError: (error: unknown) => void): Logger {
  return pino({
    level: 'error',
    hooks: {
      logMethod([fields, name]) {
        const error: unknown = Object(fields).err ?? new Error(String(name));
        if (!expected.has(name) && !(error instanceof PlannedFault)) onError(error);
      },
    },
  });
}
