import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { setTimeout as delay } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { startArguments } from '../siege/start-arguments.ts';

const startMsMax = 60_000;

const root = fileURLToPath(new URL('../../', import.meta.url));

/** The service as `npm start` starts it, in a process of its own whose CPU time is read from /proc. Needs Linux. */
export class MeasuredService {
  readonly #child: ChildProcessByStdio<null, Readable, null>;
  readonly #kill = (): void => void this.#child.kill('SIGKILL');
  #said = '';

  private constructor(env: Readonly<Record<string, string>>) {
    const stdio: ['ignore', 'pipe', 'ignore'] = ['ignore', 'pipe', 'ignore'];
    this.#child = spawn(process.execPath, startArguments(), {
      cwd: root,
      env: { PARLEY_ENV_FILE: 'off', ...env },
      stdio,
    });
    process.once('exit', this.#kill);
    this.#child.stdout.on('data', (data: Buffer) => {
      if (this.port === 0 || this.adminPort === 0) this.#said += data.toString();
    });
  }

  /** Starts it and waits until it listens. */
  static async start(env: Readonly<Record<string, string>>): Promise<MeasuredService> {
    const service = new MeasuredService(env);
    const untilMs = performance.now() + startMsMax;
    const hasPages = env['ADMIN_PORT'] !== 'off';
    while (service.port === 0 || (hasPages && service.adminPort === 0)) {
      if (performance.now() > untilMs) throw new Error(`Parley did not start: ${service.#said}`);
      await delay(20);
    }
    return service;
  }

  get port(): number {
    return this.#portOf('listening');
  }

  /** That of the operator's pages; 0 without any. */
  get adminPort(): number {
    return this.#portOf('adminListening');
  }

  /** CPU time of all its threads so far, in ms. */
  get cpuMs(): number {
    const tasks = `/proc/${this.#child.pid}/task`;
    const nanoseconds = readdirSync(tasks).map((task) =>
      Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]),
    );
    return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6;
  }

  async stop(): Promise<void> {
    this.#kill();
    process.off('exit', this.#kill);
    if (this.#child.exitCode === null && this.#child.signalCode === null) await once(this.#child, 'close');
  }

  #portOf(name: string): number {
    const line = this.#said.split('\n').find((one) => one.includes(`"msg":"${name}"`)) ?? '';
    return Number(/"port":(\d+)/.exec(line)?.[1] ?? 0);
  }
}
