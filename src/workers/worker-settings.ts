import type { Config } from '../config/config.ts';
import { workerJournal, workerNames } from '../store/sqlite/worker-journal.ts';
import { workerPagesVariable, workerVariable } from './worker-news.ts';

/** One of several workers. */
export interface WorkerSettings {
  /** What it is called in the addresses of its calls. */
  readonly instance: string;
  /** How many calls it takes at most. */
  readonly callsMax: number;
  /** Null where none is kept. */
  readonly journal: string | null;
  /** What it finds in its environment instead of what the admin has set. */
  readonly variables: Readonly<Record<string, string>>;
}

/** What all workers have in common. */
export interface CommonSettings {
  readonly publicUrl: string;
  /** With this, each proves to be the service. */
  readonly secret: string;
  /** With this, the pages of each are asked for; null where there are none. */
  readonly adminToken: string | null;
  /** What a worker tells other processes at the same database of where its pages are; null where they cannot ask them. */
  readonly pagesOf: (instance: string) => string | null;
}

/**
 * The settings of each worker: a name, a journal and a share of the calls of its own. It listens where only this machine reaches it, for
 * the pages of its operator and for calls from them.
 */
export function workerSettings(
  config: Config,
  workers: number,
  { publicUrl, secret, adminToken, pagesOf }: CommonSettings,
): WorkerSettings[] {
  const { http, journal, limits } = config;
  const [least, more] = [Math.floor(limits.concurrentCallsMax / workers), limits.concurrentCallsMax % workers];
  return workerNames(workers).map((name, at) => {
    const instance = http.instance === null ? name : `${http.instance}-${name}`;
    const share = least + (at < more ? 1 : 0);
    // At a database they share the limit among themselves and with others.
    const [limit, callsMax] =
      journal.database === null ? [share, share] : [limits.concurrentCallsMax, limits.callsPerProcess];
    const file = journal.file === null ? null : workerJournal(journal.file, name);
    return {
      instance,
      callsMax,
      journal: file,
      variables: {
        [workerVariable]: secret,
        [workerPagesVariable]: pagesOf(instance) ?? '',
        WORKERS: '',
        INSTANCE: instance,
        PUBLIC_URL: publicUrl,
        HOST: '127.0.0.1',
        PORT: '0',
        MAX_CONCURRENT_CALLS: String(limit),
        CALLS_PER_PROCESS: String(callsMax),
        ...(file === null ? {} : { JOURNAL_FILE: file }),
        ADMIN_HOST: '127.0.0.1',
        ADMIN_URL: '',
        ADMIN_FLEET_URL: '',
        ...(adminToken === null ? { ADMIN_PORT: 'off' } : { ADMIN_PORT: '0', ADMIN_TOKEN: adminToken }),
      },
    };
  });
}
