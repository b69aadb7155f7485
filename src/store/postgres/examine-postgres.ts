import { ParleyError } from '../../errors.ts';
import { connectPostgres } from './postgres-connection.ts';
import { postgresFault } from './postgres-fault.ts';
import { missingMigrations } from './postgres-migrate.ts';

/**
 * Looks whether a journal can be kept in this database, and changes nothing. Resolves to whether its tables are up to date, and rejects with
 * the `ParleyError` with which a start would be refused.
 */
export async function examinePostgres(connectionString: string): Promise<boolean> {
  try {
    const client = await connectPostgres(connectionString);
    try {
      return (await missingMigrations(client)).length === 0;
    } finally {
      await client.end();
    }
  } catch (error) {
    const { code, why } = postgresFault(error);
    throw new ParleyError(code, why);
  }
}
