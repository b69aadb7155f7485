import type { Config } from '../../config/config.ts';
import { ParleyError } from '../../errors.ts';
import { beginLease, type LeaseBeginning } from '../../fleet/begin-lease.ts';
import { LeaseKeeper } from '../../fleet/lease-keeper.ts';
import { systemClock } from '../../system/clock.ts';
import type { Logger } from '../../system/logger.ts';

/**
 * The lease of this process, by which all that share a database keep one limit; null without a database. Waits for room where others hold
 * it. Rejects with `instance.taken` while another process of this name lives, and with an error of the journal.
 */
export async function openServiceLease(
  { journal, http: { instance }, limits }: Config,
  process: string,
  log: Logger,
): Promise<LeaseKeeper | null> {
  if (journal.database === null) return null;
  // Whoever has no database does not load its driver.
  const { PostgresLeases } = await import('../../store/postgres/leases/postgres-leases.ts');
  const store = new PostgresLeases(journal.database);
  const keeper = new LeaseKeeper({
    store,
    clock: systemClock,
    log,
    holder: process,
    instance,
    callsMax: limits.concurrentCallsMax,
    ownCallsMax: limits.callsPerProcess,
  });
  const beginning = await new Promise<LeaseBeginning>((resolve) => beginLease(keeper, systemClock, resolve));
  if (beginning.kind === 'held') return keeper;
  await new Promise<void>((resolve) => keeper.close(resolve));
  if (beginning.kind === 'failed') throw new ParleyError(beginning.code, beginning.why);
  throw new ParleyError(
    'instance.taken',
    `Another process runs with INSTANCE=${instance} at this database. Stop it, or name this one differently.`,
  );
}
