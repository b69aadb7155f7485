/** Parameters of an address that name files. */
const fileParameters = ['sslrootcert', 'sslcert', 'sslkey'];

/** Whose server a mode of TLS does not make sure of. */
const trustingModes: ReadonlySet<string> = new Set(['prefer', 'require', 'no-verify']);

/** An address of PostgreSQL that can be connected to. */
export interface PostgresAddress {
  readonly connectionString: string;
  readonly warnings: readonly string[];
}

/**
 * Reads `postgres://user:password@host/database`; null where the text is no address. Its `sslmode` means what it means to psql, and `path` says
 * where a file of certificates is that it names.
 */
export function postgresAddress(text: string, path: (named: string) => string): PostgresAddress | null {
  const url = URL.parse(text);
  if (url === null) return null;
  for (const name of fileParameters) {
    const file = url.searchParams.get(name);
    if (file !== null) url.searchParams.set(name, path(file));
  }
  if (!url.searchParams.has('uselibpqcompat')) url.searchParams.set('uselibpqcompat', 'true');
  return { connectionString: url.href, warnings: isLocal(url) ? [] : tlsWarnings(url) };
}

function tlsWarnings({ hostname, searchParams }: URL): string[] {
  const mode = searchParams.get('sslmode') ?? 'disable';
  const remedy = 'Add sslmode=verify-full to the address, and sslrootcert if its certificate is of your own authority.';
  if (mode === 'disable') return [`The database at ${hostname} is spoken to without encryption. ${remedy}`];
  if (trustingModes.has(mode) && !searchParams.has('sslrootcert')) {
    return [`With sslmode=${mode}, nobody checks whether ${hostname} is the database that is meant. ${remedy}`];
  }
  return [];
}

/** On this machine, by a socket file as well, there is nobody in between. */
function isLocal({ hostname, searchParams }: URL): boolean {
  const host = searchParams.get('host') ?? decodeURIComponent(hostname);
  return host === '' || host.startsWith('/') || host === 'localhost' || host === '[::1]' || host.startsWith('127.');
}
