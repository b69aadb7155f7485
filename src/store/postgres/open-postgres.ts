import { randomUUID } from 'node:crypto';
import { ParleyError } from '../../errors.ts';
import { type Clock, systemClock } from '../../system/clock.ts';
import type { Logger } from '../../system/logger.ts';
import { Journal, type JournalLimits } from '../journal.ts';
import type { JournalAnswer } from '../journal-job.ts';
import { HistoryThread } from '../thread/history-thread.ts';
import { JournalThread } from '../thread/journal-thread.ts';
import type { PostgresSettings } from './postgres-place.ts';

/** Which database keeps a journal, and how. */
export interface PostgresJournalOptions extends Omit<PostgresSettings, 'process' | 'memoryMs'> {
  /** Tells this process from all others; drawn unless given. */
  readonly process?: string;
  readonly log: Logger;
  readonly clock?: Clock;
  readonly limits?: Partial<JournalLimits & Pick<PostgresSettings, 'memoryMs'>>;
}

/** Most losses of a connection pass in less: a server that starts anew, another that takes its place. */
const usualMemoryMs = 5_000;

/**
 * A journal in PostgreSQL, which other processes may share. A thread of its own has the connection. Rejects with a `ParleyError` of the journal
 * where the database cannot be used; one that is lost later is waited for.
 */
export async function openPostgresJournal({
  log,
  clock = systemClock,
  limits = {},
  process = randomUUID(),
  ...place
}: PostgresJournalOptions): Promise<Journal> {
  const { memoryMs = usualMemoryMs } = limits;
  const settings: PostgresSettings = { ...place, process, memoryMs };
  // A database is never begun anew.
  const thread = new JournalThread(settings, new URL('postgres-worker.ts', import.meta.url), () => {});
  const answer = await new Promise<JournalAnswer>((resolve) => thread.ask({ kind: 'write', items: [] }, resolve));
  if (answer.kind === 'failed') {
    await new Promise<void>((resolve) => thread.stop(resolve));
    throw new ParleyError(answer.code, answer.why);
  }
  return new Journal({ open: () => thread, clock, log, limits });
}

/** The history in the same database, read by a thread of its own. */
export function historyInPostgres(connectionString: string, answerMsMax?: number): HistoryThread {
  return new HistoryThread(new URL('postgres-history-worker.ts', import.meta.url), connectionString, answerMsMax);
}
