import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { isJsonObject, parseJson } from '../../src/encoding/json.ts';
import { startArguments } from '../siege/start-arguments.ts';

/** A start takes a second, and in the place of one that was killed eight more. A machine that is busy with other work may take longer. */
const startMsMax = 60_000;
const lookMs = 5;

/** What a failing start said, for the message. */
const stderrCharsMax = 2_000;

/** A line of the service's log about a call. */
export interface LogLine {
  /** Unix time in ms, by the clock of the service. */
  readonly atMs: number;
  /** Unix time in ms at which it was read here. */
  readonly readMs: number;
  readonly event: string;
  readonly callSid: string;
  readonly speaker: string | null;
}

/** One life of the service: the real program in a process of its own. */
export class ParleyProcess {
  readonly startedMs: number;
  readonly port: number;
  /** What it said of calls, in order. */
  readonly lines: readonly LogLine[];
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #ended: Promise<unknown>;

  private constructor(
    child: ChildProcessByStdio<null, Readable, Readable>,
    ended: Promise<unknown>,
    reader: LogReader,
    port: number,
    startedMs: number,
  ) {
    this.#child = child;
    this.#ended = ended;
    this.lines = reader.lines;
    this.port = port;
    this.startedMs = startedMs;
  }

  /**
   * Starts it as `npm start` does and waits until it listens; `preload` is a module that Node loads before it. Rejects with what it said when
   * it does not.
   */
  static async start(env: Readonly<Record<string, string>>, preload?: URL): Promise<ParleyProcess> {
    const fromMs = performance.now();
    const child = spawn(process.execPath, [...(preload ? ['--import', preload.href] : []), ...startArguments()], {
      cwd: fileURLToPath(new URL('../../', import.meta.url)),
      env: { PARLEY_ENV_FILE: 'off', ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const kill = (): void => void child.kill('SIGKILL');
    process.once('exit', kill);
    const ended = once(child, 'close').finally(() => process.off('exit', kill));
    const reader = new LogReader();
    let said = '';
    child.stdout.on('data', (data: Buffer) => reader.read(data));
    child.stderr.on('data', (data: Buffer) => (said = (said + data.toString()).slice(-stderrCharsMax)));
    while (reader.port === null) {
      if (child.exitCode !== null || performance.now() - fromMs > startMsMax) {
        child.kill('SIGKILL');
        await ended;
        throw new Error(`Parley did not start: ${said}`);
      }
      await delay(lookMs);
    }
    return new ParleyProcess(child, ended, reader, reader.port, performance.now() - fromMs);
  }

  /** Kills it at once, and resolves when all its output is read. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#ended;
  }

  /** Asks it to end, and resolves when it has. */
  async end(): Promise<void> {
    this.#child.kill('SIGTERM');
    await this.#ended;
  }

  /** Stops it, as on a machine that hangs; `thaw` lets it go on. */
  freeze(): void {
    this.#child.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child.kill('SIGCONT');
  }
}

/** Reads JSON lines from the pieces of a stream. */
class LogReader {
  readonly lines: LogLine[] = [];
  port: number | null = null;
  #rest = '';

  read(data: Buffer): void {
    const parts = (this.#rest + data.toString()).split('\n');
    this.#rest = parts.pop() ?? '';
    for (const part of parts) this.#take(parseJson(part));
  }

  #take(line: unknown): void {
    if (!isJsonObject(line)) return;
    const { msg, time, callSid, speaker, port } = line;
    if (msg === 'listening' && typeof port === 'number') this.port = port;
    if (typeof callSid !== 'string' || typeof msg !== 'string') return;
    const by = typeof speaker === 'string' ? speaker : null;
    this.lines.push({ atMs: Date.parse(String(time)), readMs: Date.now(), event: msg, callSid, speaker: by });
  }
}
