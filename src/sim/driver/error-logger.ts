import { pino } from 'pino';
import type { Logger } from '../../system/logger.ts';

/** A tool may throw, and the model is told so. Every other error of the log is a fault of ours. */
const expected = 'toolThrew';

/** A fault of ours that a simulation wants. */
export class PlannedFault extends Error {}

/** A logger that writes nothing, and tells of what must not happen: an error that Parley caught and survived. */
export function errorLogger(onError: (error: unknown) => void): Logger {
  return pino({
    level: 'error',
    hooks: {
      logMethod([fields, name]) {
        const error: unknown = Object(fields).err ?? new Error(String(name));
        if (name !== expected && !(error instanceof PlannedFault)) onError(error);
      },
    },
  });
}
