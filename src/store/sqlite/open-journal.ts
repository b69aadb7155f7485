import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../../system/clock.ts';
import type { Logger } from '../../system/logger.ts';
import { Journal, type JournalLimits } from '../journal.ts';
import { JournalThread } from './journal-thread.ts';

/** The bounds of the journal's file. */
export interface FileLimits {
  readonly fileBytesMax: number;
  /** How long another program may hold a file that is being opened. */
  readonly lockedMsMax: number;
}

const usualLimits: FileLimits = {
  // Some hundred thousand calls. A journal that nobody prunes must not fill the disk that others need as well.
  fileBytesMax: 1024 * 1024 * 1024,
  // A process that drains locks the file for some milliseconds at a time. A lock that lasts longer will not be released.
  lockedMsMax: 3_000,
};

/** Where a journal is kept, and how. */
export interface FileJournalOptions {
  /** Null: keep none. */
  readonly file: string | null;
  readonly log: Logger;
  readonly clock?: Clock;
  readonly limits?: Partial<JournalLimits & FileLimits>;
  /** The program of the thread that has the file. */
  readonly script?: URL;
}

/** A journal in a file, which is made if it is not there. The file belongs to a thread of its own. */
export function openJournal({ file, log, clock = systemClock, limits = {}, script }: FileJournalOptions): Journal {
  if (file === null) return new Journal({ open: null, clock, log, limits });
  const { fileBytesMax, lockedMsMax } = { ...usualLimits, ...limits };
  const settings = { file, process: randomUUID(), fileBytesMax, lockedMsMax };
  const program = script ?? new URL('journal-worker.ts', import.meta.url);
  return new Journal({ open: (onRenewal) => new JournalThread(settings, program, onRenewal), clock, log, limits });
}
