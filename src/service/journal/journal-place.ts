import type { Config } from '../../config/config.ts';
import type { CallHistory } from '../../store/history/call-history.ts';
import type { Journal } from '../../store/journal.ts';
import { historyInFile } from '../../store/sqlite/open-history.ts';
import { openJournal } from '../../store/sqlite/open-journal.ts';
import { historyInPostgres, openPostgresJournal } from '../../store/postgres/open-postgres.ts';
import type { Logger } from '../../system/logger.ts';

/**
 * The journal of a service, for a process of this name. Rejects with a `ParleyError` of the journal where the database cannot be used; a file
 * may come to be usable later.
 */
export async function openServiceJournal(
  { database, file, keepsWords }: Config['journal'],
  process: string,
  log: Logger,
): Promise<Journal> {
  if (database === null) return openJournal({ file, keepsWords, log });
  return openPostgresJournal({ connectionString: database, keepsWords, outbox: file, process, log });
}

/** What reads the journal of a service; null where none is kept. */
export function serviceHistory({
  database,
  file,
}: Config['journal']): (CallHistory & { close(): Promise<void> }) | null {
  if (database !== null) return historyInPostgres(database);
  return file === null ? null : historyInFile(file);
}
