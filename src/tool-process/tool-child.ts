import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../system/clock.ts';
import { TokenBucket } from '../system/token-bucket.ts';
import { readOutputLines } from './output-lines.ts';
import { parseNews, type ProcessNews, type ProcessOrder } from './process-messages.ts';
import type { ToolLaneName } from './tool-source.ts';

const script = fileURLToPath(new URL('child/child-main.ts', import.meta.url));

/** A PDF of hundreds of pages fits; a table that does not belongs in a database. */
const heapMbMax = 512;

/** What lookups need of the environment: where things are and which certificates are good. Their secrets stand in their entries. */
const commonVariables = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ', 'NODE_EXTRA_CA_CERTS', 'NODE_COMPILE_CACHE'];

/** All runs that there may be at once, each with all lines that it may write. Whoever says more goes past the rules, or is broken. */
const newsRate = { burst: 20_000, perSecond: 2_000 };

/** Faults that a process has beside its runs. One that it has a thousand times over need not be told as often. */
const faultRate = { burst: 100, perSecond: 10 };

/** Who hears of a process. */
export interface ChildListener {
  readonly onNews: (news: ProcessNews) => void;
  /** The process is gone, and not by `end`. Called once. */
  readonly onGone: (how: string) => void;
  /** A line for the log. */
  readonly onLine: (line: ChildLine) => void;
}

/** A line for the log, about a process or written by it. */
export interface ChildLine {
  readonly level: 'info' | 'warn';
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** One tool process, from its start to its end, as the thread has it that starts it. */
export class ToolChild {
  readonly #child: ChildProcess;
  readonly #allNews: TokenBucket;
  readonly #faults: TokenBucket;
  readonly #clock: Clock;
  #listener: ChildListener | null;
  #killedFor: string | null = null;
  /** Called as soon as it is gone. */
  #whenGone: () => void = () => {};

  constructor(lane: ToolLaneName, clock: Clock, listener: ChildListener) {
    const { onLine } = listener;
    this.#clock = clock;
    this.#allNews = new TokenBucket(clock, newsRate);
    this.#faults = new TokenBucket(clock, faultRate);
    this.#listener = listener;
    this.#child = fork(script, [], {
      env: environmentOf(lane),
      execArgv: [
        `--max-old-space-size=${heapMbMax}`,
        '--disable-sigusr1',
        '--disable-warning=ExperimentalWarning',
        // A folder of tools needs no package.json.
        '--disable-warning=MODULE_TYPELESS_PACKAGE_JSON',
      ],
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child.on('message', (message) => this.#hear(message, onLine));
    this.#child.once('exit', (code, signal) => this.#gone(signal === null ? `exit code ${code}` : signal));
    // It could not be started, or not be told something.
    this.#child.on('error', (error) => {
      onLine({
        level: 'warn',
        event: 'toolProcessError',
        fields: { code: 'code' in error ? String(error.code) : null },
      });
      if (this.#child.pid === undefined) this.#gone('not started');
    });
    for (const name of ['stdout', 'stderr'] as const) {
      const stream = this.#child[name];
      if (stream === null) continue;
      readOutputLines(stream, clock, {
        // What the admin's program prints is meant to be read. What else is printed may be anybody's words.
        onLine: (line) => {
          const said = lane === 'code' ? { line } : { pii: { line } };
          onLine({ level: 'info', event: 'toolOutput', fields: { stream: name, ...said } });
        },
        onLost: (lines) => onLine({ level: 'warn', event: 'toolOutputLost', fields: { stream: name, lines } }),
      });
    }
  }

  /** Null when it could not be started. */
  get pid(): number | null {
    return this.#child.pid ?? null;
  }

  /** What a process that is gone is told, is lost. */
  send(order: ProcessOrder): void {
    if (this.#child.connected) this.#child.send(order, () => {});
  }

  /** Ends it at once, whatever it does. `onGone` follows, and says why. */
  kill(why: string): void {
    this.#killedFor = why;
    this.#child.kill('SIGKILL');
  }

  /** Lets it close what it has open, and ends it after `msMax` at the latest. Resolves when it is gone. */
  async end(msMax: number): Promise<void> {
    this.#listener = null;
    if (this.#child.exitCode !== null || this.#child.signalCode !== null || this.#child.pid === undefined) return;
    const killed = this.#clock.after(msMax, () => this.kill('it did not close'));
    await new Promise<void>((resolve) => {
      this.#whenGone = resolve;
      this.send({ order: 'close' });
    });
    killed.cancel();
  }

  #hear(message: unknown, onLine: (line: ChildLine) => void): void {
    // Of a process that is being ended, more may be on its way.
    if (this.#killedFor !== null) return;
    if (!this.#allNews.take(1)) return this.kill('it said too much');
    const news = parseNews(message);
    const isFault = news === null || news.news === 'uncaught';
    if (isFault && !this.#faults.take(1)) return;
    if (news === null) onLine({ level: 'warn', event: 'toolProcessMisspoke', fields: {} });
    else this.#listener?.onNews(news);
  }

  #gone(how: string): void {
    const listener = this.#listener;
    this.#listener = null;
    listener?.onGone(this.#killedFor ?? how);
    this.#whenGone();
  }
}

/** Programs of the admin get all of it but the switches of Node, which are meant for the process with the calls. */
function environmentOf(lane: ToolLaneName): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _switches, ...all } = process.env;
  if (lane === 'code') return all;
  return Object.fromEntries(commonVariables.map((name) => [name, all[name]]));
}
