import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chownSync, existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { listenOnAnyPort } from '../../../test/any-port.ts';
import { within } from '../../../src/system/within.ts';
import { ScratchFolder } from './scratch-folder.ts';

const run = promisify(execFile);

/** Where Debian puts the programs of each version. */
const debianHome = '/usr/lib/postgresql';

const startMsMax = 30_000;
const stopMsMax = 20_000;
const lookMs = 50;

const user = 'parley';

/** How the server is told to end: it says goodbye to its clients first, or leaves all to the recovery of the next start. */
const endings = { fast: 'SIGINT', immediate: 'SIGQUIT' } as const;

/** A PostgreSQL in a temporary folder, for this run alone. */
export class OwnPostgres {
  readonly #programs: string;
  readonly #folder: ScratchFolder;
  readonly #port: number;
  readonly #owner: Owner;
  #server: ChildProcess | null = null;
  readonly #kill = (): void => void this.#server?.kill('SIGQUIT');

  private constructor(programs: string, folder: ScratchFolder, port: number, owner: Owner) {
    this.#programs = programs;
    this.#folder = folder;
    this.#port = port;
    this.#owner = owner;
    process.once('exit', this.#kill);
  }

  /** Where the programs of the server are; null when there are none. */
  static programs(): string | null {
    const versions = existsSync(debianHome) ? readdirSync(debianHome) : [];
    const newestFirst = versions.toSorted((a, b) => Number(b) - Number(a)).map((one) => join(debianHome, one, 'bin'));
    return [...newestFirst, configuredPrograms()].find((folder) => existsSync(join(folder, 'initdb'))) ?? null;
  }

  /** Makes one and starts it. */
  static async open(programs: string): Promise<OwnPostgres> {
    const folder = new ScratchFolder('parley-postgres');
    const owner = ownerOfServer();
    if (owner.uid !== undefined && owner.gid !== undefined) chownSync(folder.path, owner.uid, owner.gid);
    const args = ['-D', folder.path, '-U', user, '-A', 'trust', '-E', 'UTF8', '--no-sync', '--no-instructions'];
    await run(join(programs, 'initdb'), args, owner);
    const port = await freePort();
    const own = new OwnPostgres(programs, folder, port, owner);
    await own.start();
    return own;
  }

  /** Starts the server, and resolves when it takes connections. */
  async start(): Promise<void> {
    const settings = ['fsync=off', 'listen_addresses=127.0.0.1', `port=${this.#port}`, `unix_socket_directories=`];
    this.#server = spawn(
      join(this.#programs, 'postgres'),
      ['-D', this.#folder.path, ...settings.flatMap((setting) => ['-c', setting])],
      { ...this.#owner, stdio: 'ignore' },
    );
    const untilMs = performance.now() + startMsMax;
    while (!(await this.#answers())) {
      if (performance.now() > untilMs) throw new Error('PostgreSQL did not start.');
      await delay(lookMs);
    }
  }

  /** Ends the server, and resolves when it has ended. */
  async stop(how: keyof typeof endings): Promise<void> {
    const server = this.#server;
    if (server === null || server.exitCode !== null) return;
    const ended = once(server, 'exit');
    server.kill(endings[how]);
    if ((await within(ended, stopMsMax)) === null) throw new Error('PostgreSQL did not stop.');
    this.#server = null;
  }

  /** Makes an empty database. Resolves to its address. */
  async database(name: string): Promise<string> {
    await this.query('postgres', `create database ${name}`);
    return this.#address(name);
  }

  /** The rows of a query. */
  async query(database: string, text: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.#address(database) });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(text)).rows;
    } finally {
      await client.end();
    }
  }

  async close(): Promise<void> {
    await this.stop('immediate');
    process.off('exit', this.#kill);
    this.#folder.remove();
  }

  #address(database: string): string {
    return `postgres://${user}@127.0.0.1:${this.#port}/${database}`;
  }

  async #answers(): Promise<boolean> {
    try {
      await this.query('postgres', 'select 1');
      return true;
    } catch {
      return false;
    }
  }
}

/** As whom a server runs. */
interface Owner {
  readonly uid?: number;
  readonly gid?: number;
  /** The folder of whoever starts it may be closed to its owner. */
  readonly cwd: string;
}

/** PostgreSQL refuses to run as root, which then gives it to nobody. */
function ownerOfServer(): Owner {
  if (process.getuid?.() !== 0) return { cwd: tmpdir() };
  return { uid: idOfNobody('-u'), gid: idOfNobody('-g'), cwd: tmpdir() };
}

function idOfNobody(option: '-u' | '-g'): number {
  return Number(execFileSync('id', [option, 'nobody'], { encoding: 'utf8' }));
}

/** What `pg_config` says, where it is installed. */
function configuredPrograms(): string {
  try {
    return execFileSync('pg_config', ['--bindir'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  } catch {
    return '';
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenOnAnyPort(server);
  server.close();
  await once(server, 'close');
  return port;
}
