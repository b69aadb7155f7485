import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type LogLine, ParleyProcess } from '../../kill/kill-process.ts';
import type { RoutingProxy } from '../../fleet/routing-proxy.ts';
import type { TcpProxy } from '../../../test/tcp-proxy.ts';
import type { TakenFacts } from '../judge/round-facts.ts';

const skewedClock = new URL('skewed-clock.ts', import.meta.url);

/** What a process of the fleet is made of. */
export interface StruckProcessParts {
  readonly instance: string;
  /** What all processes are set to. */
  readonly settings: Readonly<Record<string, string>>;
  /** By how much its clock is ahead. */
  readonly clockAheadMs: number;
  /** Its own way to the database. */
  readonly way: TcpProxy;
  readonly proxy: RoutingProxy;
  /** Where entries wait that the database does not take. */
  readonly folder: string;
}

/** One process of a fleet with a name that it keeps through all its lives. */
export class StruckProcess {
  readonly #parts: StruckProcessParts;
  readonly #lines: (readonly LogLine[])[] = [];
  #process: ParleyProcess | null = null;

  constructor(parts: StruckProcessParts) {
    this.#parts = parts;
  }

  get instance(): string {
    return this.#parts.instance;
  }

  get way(): TcpProxy {
    return this.#parts.way;
  }

  /** When its lives have begun a stream, and of which call. */
  get taken(): TakenFacts[] {
    return this.#lines
      .flat()
      .filter(({ event }) => event === 'streamStarted')
      .map(({ callSid, readMs }) => ({ callSid, instance: this.instance, atMs: readMs }));
  }

  /** Starts it, and resolves when it listens: in the place of one that was killed, after its lease. */
  async start(): Promise<void> {
    const { instance, settings, clockAheadMs, way, proxy, folder } = this.#parts;
    mkdirSync(join(folder, instance), { recursive: true });
    const own = {
      INSTANCE: instance,
      DATABASE_URL: way.address,
      JOURNAL_FILE: join(folder, instance, 'journal.sqlite'),
      CLOCK_AHEAD_MS: String(clockAheadMs),
    };
    const process = await ParleyProcess.start({ ...settings, ...own }, skewedClock);
    this.#process = process;
    this.#lines.push(process.lines);
    proxy.ports.set(instance, process.port);
  }

  /** Kills it, from one moment to the next. */
  async kill(): Promise<void> {
    const killed = this.#process?.kill();
    this.#gone();
    await killed;
  }

  /** Asks it to end, and resolves when it has: its calls have gone elsewhere by then. */
  async end(): Promise<void> {
    await this.#process?.end();
    this.#gone();
  }

  freeze(): void {
    this.#process?.freeze();
  }

  thaw(): void {
    this.#process?.thaw();
  }

  #gone(): void {
    this.#process = null;
    this.#parts.proxy.ports.delete(this.instance);
  }
}
