import { randomUUID } from 'node:crypto';
import { type Clock, systemClock } from '../../system/clock.ts';
import type { Logger } from '../../system/logger.ts';
import { Journal, type JournalLimits } from '../journal.ts';
import type { JournalFileSettings } from '../journal-job.ts';
import { JournalThread } from '../thread/journal-thread.ts';

/** Some hundred thousand calls. A journal that nobody prunes must not fill the disk that others need as well. */
const usualFileBytesMax = 1024 * 1024 * 1024;

/** Where a journal is kept, and how. */
export interface FileJournalOptions {
  /** Null: keep none. */
  readonly file: string | null;
  readonly log: Logger;
  readonly clock?: Clock;
  readonly limits?: Partial<JournalLimits & Pick<JournalFileSettings, 'fileBytesMax'>>;
  /** Whether what was said is kept when a call is over; true unless set. */
  readonly keepsWords?: boolean;
  /** The program of the thread that has the file. */
  readonly script?: URL;
}

/** A journal in a file, which is made if it is not there. The file belongs to a thread of its own. */
export function openJournal({
  file,
  log,
  clock = systemClock,
  limits = {},
  keepsWords = true,
  script,
}: FileJournalOptions): Journal {
  if (file === null) return new Journal({ open: null, clock, log, limits });
  const { fileBytesMax = usualFileBytesMax } = limits;
  const settings = { file, process: randomUUID(), keepsWords, fileBytesMax };
  const program = script ?? new URL('journal-worker.ts', import.meta.url);
  return new Journal({ open: (onRenewal) => new JournalThread(settings, program, onRenewal), clock, log, limits });
}
