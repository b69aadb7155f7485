import { ParleyError } from '../../errors.ts';
import { isOtherFile } from '../../store/sqlite/database-file.ts';
import { journalFiles } from '../../store/sqlite/worker-journal.ts';
import type { Config } from '../config.ts';
import { readEnvFile } from '../env-file/read-env-file.ts';
import { takeOver } from '../load-settings.ts';
import { fileProblem } from '../named-files/named-file.ts';
import { readConfig } from './load-config.ts';

/**
 * The settings of a service that starts, as `loadSettings` reads them. Throws `config.invalid` with all that is wrong with them and with
 * the files that they name.
 */
export function startSettings(env: Record<string, string | undefined>): Config {
  const file = readEnvFile(env);
  const { config, problems, hints } = readConfig(env, undefined, file);
  const found = [...problems, ...journalProblems(config)];
  if (found.length > 0) throw new ParleyError('config.invalid', [...found, ...hints].join('\n'));
  takeOver(env, file);
  return config;
}

/** A file that never was a journal is somebody's, who would look for it in vain when it was moved aside. */
function journalProblems({ journal, workers }: Config): string[] {
  if (journal.database !== null || journal.file === null) return [];
  return journalFiles(journal.file, workers)
    .filter(isOtherFile)
    .map((path) => fileProblem('JOURNAL_FILE', path, 'is no journal but another file; name one that is not there yet'));
}
