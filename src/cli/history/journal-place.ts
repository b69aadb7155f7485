import { environment } from '../../config/environment.ts';
import { writtenSettings } from '../../config/load-settings.ts';
import { settingPath } from '../../config/package-folder.ts';
import { isOff } from '../../config/parsers.ts';
import { postgresAddress } from '../../encoding/postgres-address.ts';
import { ParleyError } from '../../errors.ts';
import type { CallHistory } from '../../store/history/call-history.ts';
import { JoinedHistory } from '../../store/history/joined-history.ts';
import { PostgresHistory } from '../../store/postgres/postgres-history.ts';
import { HistoryFile } from '../../store/sqlite/history-file.ts';
import { journalFiles } from '../../store/sqlite/worker-journal.ts';

/** A history that is read without a thread, because nobody waits but the person who asked. */
export type OpenedHistory = CallHistory & { close(): void | Promise<void> };

/**
 * The history in the journal that the settings name, or in those of its workers. Throws `journal.unusable` where no journal is kept, and
 * `config.invalid` where DATABASE_URL is no address.
 */
export function openHistory(env: Readonly<Record<string, string | undefined>>): OpenedHistory {
  const settings = writtenSettings(env);
  const database = settings.get('DATABASE_URL');
  if (database !== undefined) return inDatabase(database);
  const written = settings.get('JOURNAL_FILE') ?? environment.shape.JOURNAL_FILE.parse(undefined);
  if (isOff(written)) throw new ParleyError('journal.unusable', 'JOURNAL_FILE is off, so no history of calls is kept.');
  const file = settingPath(written);
  const workers = environment.shape.WORKERS.safeParse(settings.get('WORKERS')).data;
  if (workers === undefined) return new HistoryFile(file);
  const histories = journalFiles(file, workers).map((one) => new HistoryFile(one));
  const joined = new JoinedHistory(histories);
  return {
    list: async (query, place) => joined.list(query, place),
    find: async (callSid) => joined.find(callSid),
    close() {
      for (const history of histories) history.close();
    },
  };
}

/** Whether the journal that the settings name has this call: not where none is kept, or where it cannot be read. */
export async function isKept(env: Readonly<Record<string, string | undefined>>, callSid: string): Promise<boolean> {
  try {
    const history = openHistory(env);
    try {
      return (await history.find(callSid)) !== null;
    } finally {
      await history.close();
    }
  } catch (error) {
    if (error instanceof ParleyError) return false;
    throw error;
  }
}

function inDatabase(written: string): PostgresHistory {
  const address = environment.shape.DATABASE_URL.safeParse(written).success
    ? postgresAddress(written, settingPath)
    : null;
  if (address !== null) return new PostgresHistory(address.connectionString);
  throw new ParleyError('config.invalid', 'DATABASE_URL is no address such as postgres://user:password@host/database.');
}
