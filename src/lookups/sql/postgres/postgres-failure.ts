import pg from 'pg';

import { SqlFailure, type SqlFailureCause } from '../sql-database.ts';
import { systemCodeOf } from '../../../errors.ts';

/** Classes and codes of PostgreSQL, and those of Node for connections, in the order in which they are looked for. */
const causes: readonly (readonly [RegExp, SqlFailureCause])[] = [
  // The statement, or a wait for a lock, has had its time.
  [/^(?:57014|55P03)$/, 'tooSlow'],
  // The administrator ended the connection, or it had waited too long within a transaction.
  [/^(?:57P0\d|25P0\d|08|ECONNRESET$|EPIPE$)/, 'lost'],
  // No more connections, no more memory.
  [/^53/, 'busy'],
  // Wrong password, no such database.
  [/^(?:28|3D)/, 'unreachable'],
  // What the caller said is no number or no date, or a wrong kind of text.
  [/^22/, 'valuesUnfit'],
  [/^E[A-Z]/, 'unreachable'],
];

/** What an error of a database at work means. Without a code, the connection ended. */
export function postgresFailure(error: unknown): SqlFailure {
  if (error instanceof SqlFailure) return error;
  const message = error instanceof Error ? error.message : String(error);
  const code = codeOf(error);
  if (code === null) return new SqlFailure('lost', 'CONNECTION', message);
  const cause = causes.find(([pattern]) => pattern.test(code))?.[1] ?? 'refused';
  return new SqlFailure(cause, code, message);
}

function codeOf(error: unknown): string | null {
  if (error instanceof pg.DatabaseError) return error.code ?? null;
  return systemCodeOf(error);
}
