import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { cpuMsOf } from './process-figures.ts';
import { startArguments } from './start-arguments.ts';
import { siegeKey, siegeOrigin, siegeToken } from './siege-account.ts';

const startMsMax = 60_000;
const lookMs = 20;

/** Enough to find its port at the start, and to tell why it died. */
const lastCharsMax = 4_000;

const root = new URL('../../', import.meta.url);

/** The service as `npm start` starts it, in a process of its own. Needs Linux, whose /proc tells about memory. */
export class SiegeService {
  /** Its journal lies there. */
  readonly #folder = mkdtempSync(join(tmpdir(), 'parley-siege-'));
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #ended: Promise<unknown>;
  readonly #kill = (): void => void this.#child.kill('SIGKILL');
  #port = 0;
  #lastWords = '';
  #loggedBytes = 0;

  private constructor(modelUrl: string, settings: Readonly<Record<string, string>>) {
    this.#child = spawn(process.execPath, startArguments(), {
      cwd: fileURLToPath(root),
      env: {
        PARLEY_ENV_FILE: 'off',
        PORT: '0',
        ADMIN_PORT: 'off',
        HOST: '127.0.0.1',
        PUBLIC_URL: siegeOrigin,
        TWILIO_AUTH_TOKEN: siegeToken,
        GEMINI_API_KEY: siegeKey,
        GEMINI_BASE_URL: modelUrl,
        JOURNAL_FILE: join(this.#folder, 'journal.sqlite'),
        LOOKUP_FILE: 'fixtures/data/orders.csv',
        MAX_CONCURRENT_CALLS: '8',
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#ended = once(this.#child, 'close');
    process.once('exit', this.#kill);
    for (const stream of [this.#child.stdout, this.#child.stderr])
      stream.on('data', (data: Buffer) => this.#hear(data));
  }

  /** Starts it, with these settings beside the usual ones, and waits until it listens. Rejects with what it said when it does not. */
  static async start(modelUrl: string, settings: Readonly<Record<string, string>> = {}): Promise<SiegeService> {
    const service = new SiegeService(modelUrl, settings);
    const untilMs = performance.now() + startMsMax;
    while (service.port === 0) {
      if (!service.isAlive || performance.now() > untilMs) {
        await service.stop();
        throw new Error(`Parley did not start: ${service.lastWords}`);
      }
      await delay(lookMs);
    }
    return service;
  }

  /** 0 until it listens. */
  get port(): number {
    return this.#port;
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  /** The end of what it has said, to find out why it died. */
  get lastWords(): string {
    return this.#lastWords;
  }

  /** How much it has logged so far, as far as it was read. */
  get loggedBytes(): number {
    return this.#loggedBytes;
  }

  get pid(): number {
    return this.#child.pid ?? Number.NaN;
  }

  /** How long it has kept a processor busy so far, in ms; in steps of ten. */
  get cpuMs(): number {
    return cpuMsOf(this.pid);
  }

  /** The most memory that it has held since `forgetPeak`, in MB; null when it is gone. */
  get peakMb(): number | null {
    try {
      const status = readFileSync(`/proc/${this.#child.pid}/status`, 'utf8');
      return Math.round(Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024);
    } catch {
      return null;
    }
  }

  /** Peaks are counted from here on. */
  forgetPeak(): void {
    // 5 resets the peak, as the manual of /proc says.
    if (this.isAlive) writeFileSync(`/proc/${this.#child.pid}/clear_refs`, '5');
  }

  /** Stops reading its standard output, as a log shipper does that hangs. */
  stopReading(): void {
    this.#child.stdout.pause();
  }

  readAgain(): void {
    this.#child.stdout.resume();
  }

  async stop(): Promise<void> {
    this.#kill();
    this.readAgain();
    await this.#ended;
    process.off('exit', this.#kill);
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #hear(data: Buffer): void {
    this.#loggedBytes += data.length;
    // Only the end of a flood is looked at.
    this.#lastWords = (this.#lastWords + data.subarray(-lastCharsMax).toString()).slice(-lastCharsMax);
    if (this.#port === 0) this.#port = Number(/"port":(\d+)/.exec(this.#lastWords)?.[1] ?? 0);
  }
}
