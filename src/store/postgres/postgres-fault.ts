import pg from 'pg';
import { type ErrorCode, ParleyError, systemCodeOf } from '../../errors.ts';

/** What went wrong with the database, for the log and for whoever starts Parley. It never says the address, which holds a password. */
export interface PostgresFault {
  readonly code: ErrorCode;
  readonly why: string;
}

/** Classes and codes of PostgreSQL and those of Node for connections, in the order in which they are looked for. */
const faults: readonly (readonly [pattern: RegExp, code: ErrorCode, words: string])[] = [
  [/^28/, 'journal.unusable', 'PostgreSQL refuses the user or the password of DATABASE_URL'],
  [/^3D000$/, 'journal.unusable', 'The database that DATABASE_URL names does not exist'],
  [/^42501$/, 'journal.unusable', 'The user of DATABASE_URL lacks a right'],
  [/^25006$/, 'journal.unusable', 'The database of DATABASE_URL is read-only'],
  [/^53100$/, 'journal.full', 'The disk of the database is full'],
  [/^(?:40001|40P01|55P03|57014)$/, 'journal.locked', 'Another program holds rows of the journal'],
  [/^53/, 'journal.unreachable', 'PostgreSQL has no room for another connection'],
  [/^(?:57P|08|25P03)/, 'journal.unreachable', 'PostgreSQL ended the connection'],
  [/^(?:ENOTFOUND|EAI_AGAIN)$/, 'journal.unreachable', 'The host of DATABASE_URL is not known'],
  [/^(?:ENOENT|EACCES)$/, 'journal.unusable', 'A file of certificates that DATABASE_URL names cannot be read'],
  [/CERT|SIGNATURE/, 'journal.unusable', 'The certificate of the database of DATABASE_URL is not trusted'],
  [/^E(?!RR_)/, 'journal.unreachable', 'The database of DATABASE_URL cannot be reached'],
];

/** Names an error of the database, of whatever origin. */
export function postgresFault(error: unknown): PostgresFault {
  const message = messageOf(error);
  if (error instanceof ParleyError) return { code: error.code, why: message };
  const code = codeOf(error);
  // The driver's own words have no code: it was not let in, or it waited in vain.
  if (code === null)
    return { code: 'journal.unreachable', why: `The database of DATABASE_URL cannot be used: ${message}` };
  const [, named, words] = faults.find(([pattern]) => pattern.test(code)) ?? [];
  return { code: named ?? 'journal.unusable', why: `${words ?? 'PostgreSQL refuses'} (${code}): ${message}` };
}

function codeOf(error: unknown): string | null {
  if (error instanceof pg.DatabaseError) return error.code ?? null;
  return systemCodeOf(error);
}

/** Where a name has several addresses, what is said of the first stands for all. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return messageOf(error.errors[0]);
  return error instanceof Error ? error.message : String(error);
}
