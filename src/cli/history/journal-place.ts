import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { environment } from '../../config/environment.ts';
import { namedPath, writtenSettings } from '../../config/load-settings.ts';
import { settingPath } from '../../config/package-folder.ts';
import { isOff } from '../../config/parsers.ts';
import { ParleyError } from '../../errors.ts';
import type { CallHistory } from '../../store/history/call-history.ts';
import { JoinedHistory } from '../../store/history/joined-history.ts';
import { HistoryFile } from '../../store/sqlite/history-file.ts';
import { workerJournal, workerNames } from '../../store/worker-journal.ts';

/** A history that is to be closed. */
export interface OpenedHistory extends CallHistory {
  close(): void;
}

/** The history in the journal that the settings name, or in those of its workers. Throws `journal.unusable` where no journal is kept. */
export function openHistory(env: Readonly<Record<string, string | undefined>>): OpenedHistory {
  const settings = writtenSettings(env);
  const written = settings.get('JOURNAL_FILE') ?? environment.shape.JOURNAL_FILE.parse(undefined);
  if (isOff(written)) throw new ParleyError('journal.unusable', 'JOURNAL_FILE is off, so no history of calls is kept.');
  const file = settingPath(written);
  const workers = environment.shape.WORKERS.safeParse(settings.get('WORKERS')).data;
  if (workers === undefined) return new HistoryFile(file);
  const histories = workerNames(workers).map((name) => new HistoryFile(workerJournal(file, name)));
  const joined = new JoinedHistory(histories);
  return {
    list: async (query, place) => joined.list(query, place),
    find: async (callSid) => joined.find(callSid),
    close() {
      for (const history of histories) history.close();
    },
  };
}

/** The call log of a call in RECORD_DIR; null when there is none. */
export function recordedLog(env: Readonly<Record<string, string | undefined>>, callSid: string): string | null {
  const folder = namedPath(env, 'RECORD_DIR');
  if (folder === null || !existsSync(folder)) return null;
  // A call that another process took over has a log of each; the last one tells its end.
  const name = readdirSync(folder)
    .filter((file) => file.endsWith(`-${callSid}.jsonl`))
    .toSorted()
    .at(-1);
  return name === undefined ? null : join(folder, name);
}
