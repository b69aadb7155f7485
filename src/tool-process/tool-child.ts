import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import { readOutputLines } from './output-lines.ts';
import { parseNews, type ProcessNews, type ProcessOrder } from './process-messages.ts';
import type { ToolLaneName } from './tool-source.ts';

const script = fileURLToPath(new URL('child/child-main.ts', import.meta.url));

/** A PDF of hundreds of pages fits; a table that does not belongs into a database. */
const heapMbMax = 512;

/** What lookups need of the environment: where things are and which certificates are good. Their secrets stand in their entries. */
const commonVariables = ['PATH', 'HOME', 'TMPDIR', 'LANG', 'LC_ALL', 'TZ', 'NODE_EXTRA_CA_CERTS', 'NODE_COMPILE_CACHE'];

/** Who hears of a process. */
interface ChildListener {
  readonly onNews: (news: ProcessNews) => void;
  /** The process is gone, and not by `end`. Called once. */
  readonly onGone: (how: string) => void;
}

/** One tool process, from its start to its end. */
export class ToolChild {
  readonly #child: ChildProcess;
  readonly #clock: Clock;
  #listener: ChildListener | null;
  #killedFor: string | null = null;
  /** Called as soon as it is gone. */
  #whenGone: () => void = () => {};

  constructor(lane: ToolLaneName, clock: Clock, log: Logger, listener: ChildListener) {
    this.#clock = clock;
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
    this.#child.on('message', (message) => this.#hear(message, lane, log));
    this.#child.once('exit', (code, signal) => this.#gone(signal === null ? `exit code ${code}` : signal));
    // It could not be started, or not be told something.
    this.#child.on('error', (error) => {
      log.warn({ lane, err: error }, 'toolProcessError');
      if (this.#child.pid === undefined) this.#gone('not started');
    });
    for (const name of ['stdout', 'stderr'] as const) {
      const stream = this.#child[name];
      if (stream === null) continue;
      readOutputLines(stream, clock, {
        // What the admin's program prints is meant to be read. What else is printed may be anybody's words.
        onLine: (line) =>
          log.info({ lane, stream: name, ...(lane === 'code' ? { line } : { pii: { line } }) }, 'toolOutput'),
        onLost: (lines) => log.warn({ lane, stream: name, lines }, 'toolOutputLost'),
      });
    }
  }

  get pid(): number | undefined {
    return this.#child.pid;
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

  #hear(message: unknown, lane: ToolLaneName, log: Logger): void {
    const news = parseNews(message);
    if (news === null) log.warn({ lane }, 'toolProcessMisspoke');
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
