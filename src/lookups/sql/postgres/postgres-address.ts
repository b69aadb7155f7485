import { postgresAddress, type PostgresAddress } from '../../../encoding/postgres-address.ts';
import { ParleyError } from '../../../errors.ts';

/**
 * Reads the address of a database in the tools file, from which files of certificates count. Throws `tools.fileInvalid`, and never says the
 * address, which holds a password.
 */
export function readPostgresAddress(text: string, path: (named: string) => string): PostgresAddress {
  const address = postgresAddress(text, path);
  if (address !== null) return address;
  throw new ParleyError(
    'tools.fileInvalid',
    '"database" is no address like postgres://user:password@host/database. In a password, write characters such as @, / and # as %40, %2F and %23.',
  );
}
