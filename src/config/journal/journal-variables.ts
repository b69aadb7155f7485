import type { z } from 'zod';
import { type PostgresAddress, postgresAddress } from '../../encoding/postgres-address.ts';
import { about } from '../about.ts';
import { settingPath } from '../package-folder.ts';
import { databaseUrl, filePath, isOff, oneOf, wholeNumber } from '../parsers.ts';

const server = { group: 'Server' };

/** The variables of the journal, part of `environment`. */
export const journalVariables = {
  DATABASE_URL: databaseUrl.optional().register(about, {
    ...server,
    doc: 'PostgreSQL that keeps the journal in place of a file, for one process or several: postgres://user:password@host/database.',
    secret: true,
  }),
  JOURNAL_FILE: filePath.default('data/journal.sqlite').register(about, {
    ...server,
    doc: 'File in which calls survive the death of the process, what was said included. "off": none. With DATABASE_URL, entries wait beside it while the database is away.',
  }),
  JOURNAL_KEEP_DAYS: wholeNumber(1, 3650)
    .default(30)
    .register(about, {
      ...server,
      doc: 'Days after which an ended call is deleted from the journal, from 1 to 3650.',
    }),
  HISTORY_WORDS: oneOf(['keep', 'off'])
    .default('keep')
    .register(about, {
      ...server,
      doc: 'Whether the journal keeps what was said when a call is over, so that it can be read and searched: keep, or off.',
    }),
};

type Values = z.output<z.ZodObject<typeof journalVariables>>;

/** Where the journal is, and what it keeps. Without a database and without a file, none is wanted. */
export interface JournalConfig {
  /** Where PostgreSQL keeps it, as the driver takes it; null where a file does. */
  readonly database: string | null;
  readonly file: string | null;
  readonly keepDays: number;
  /** Whether what was said is kept when a call is over. */
  readonly keepsWords: boolean;
}

/** The settings of the journal by these values. */
export function journalOf(values: Values): JournalConfig {
  return {
    database: databaseOf(values)?.connectionString ?? null,
    file: isOff(values.JOURNAL_FILE) ? null : settingPath(values.JOURNAL_FILE),
    keepDays: values.JOURNAL_KEEP_DAYS,
    keepsWords: values.HISTORY_WORDS === 'keep',
  };
}

/** What may go wrong on the way to the database. */
export function databaseWarnings(values: Values): readonly string[] {
  return databaseOf(values)?.warnings ?? [];
}

function databaseOf({ DATABASE_URL: text }: Pick<Values, 'DATABASE_URL'>): PostgresAddress | null {
  return text === undefined ? null : postgresAddress(text, settingPath);
}
