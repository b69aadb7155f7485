import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { isJsonObject, type JsonObject, parseJson } from '../../src/encoding/json.ts';
import { within } from '../../src/system/within.ts';
import type { BuiltImage } from './image-build.ts';

/** A start takes a second, a stop less. A machine that is busy with other work may take much longer. */
const waitMsMax = 60_000;
const lookMs = 50;

/** The log of a service without calls is a dozen lines; what Node can tell of the code that it has kept is half a megabyte. */
const logCharsMax = 2_000_000;

const adminToken = 'operator-of-the-image';

/** How the service of an image is started. */
export interface ImageServiceOptions {
  readonly image: BuiltImage;
  /** The folder of the program `node`: all of the service's PATH. */
  readonly bin: string;
  /** The user that it runs as; null: the current one. */
  readonly ids: { readonly uid: number; readonly gid: number } | null;
  /** What its environment holds beside that of the image; nothing unless set. */
  readonly further?: Readonly<Record<string, string>>;
}

/** The service of an image, run by the image's own command with nothing but the image's environment and a free port. */
export class ImageService {
  readonly #options: ImageServiceOptions;
  readonly #child: ChildProcessByStdio<null, Readable, Readable>;
  readonly #ended: Promise<unknown>;
  #log = '';

  constructor(options: ImageServiceOptions) {
    this.#options = options;
    this.#child = this.#spawn(options.image.command, '0');
    this.#ended = once(this.#child, 'close');
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream.on('data', (data: Buffer) => (this.#log = (this.#log + data.toString()).slice(-logCharsMax)));
    }
  }

  /** What it has written so far, to find out why something failed. */
  get log(): string {
    return this.#log;
  }

  /** The port of a server, as soon as the service says that it listens. */
  async port(event: 'listening' | 'adminListening'): Promise<number> {
    const { port } = await this.says(event);
    return Number(port);
  }

  /** A line of its log, as soon as it stands there. */
  async says(event: string): Promise<JsonObject> {
    const lines = (): JsonObject[] => this.#log.split('\n').map(parseJson).filter(isJsonObject);
    const line = (): JsonObject | undefined => lines().find(({ msg }) => msg === event);
    await this.#until(`it says ${event}`, () => Promise.resolve(line() !== undefined));
    return line() ?? {};
  }

  /** Waits until a path answers 200. */
  async answers(port: number, path: string): Promise<void> {
    await this.#until(`${path} answers 200`, async () => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
        headers: { authorization: `Bearer ${adminToken}` },
        signal: AbortSignal.timeout(waitMsMax),
      });
      await answer.text();
      return answer.status === 200;
    });
  }

  /** The exit code of the image's own health check. */
  async healthCheck(port: number): Promise<unknown> {
    const [exitCode]: unknown[] = await once(this.#spawn(this.#options.image.healthCheck, String(port)), 'close');
    return exitCode;
  }

  /** Whether the user that the service runs as can make a file in a folder. */
  async canWrite(folder: string): Promise<boolean> {
    const script = `require('node:fs').writeFileSync(${JSON.stringify(`${folder}/probe`)}, '')`;
    const child = this.#spawn(['node', '-e', script], '0');
    child.stderr.resume();
    const [exitCode]: unknown[] = await once(child, 'close');
    return exitCode === 0;
  }

  /** Sends SIGTERM. Resolves with the exit code, or with null when the process does not end. */
  async stop(): Promise<unknown> {
    this.#child.kill('SIGTERM');
    await within(this.#ended, waitMsMax);
    return this.#child.exitCode;
  }

  kill(): void {
    this.#child.kill('SIGKILL');
  }

  async #until(what: string, holds: () => Promise<boolean>): Promise<void> {
    const untilMs = performance.now() + waitMsMax;
    while (!(await holds())) {
      if (this.#child.exitCode !== null) throw new Error(`The service ended before ${what}.`);
      if (performance.now() > untilMs) throw new Error(`Waited in vain: ${what}.`);
      await delay(lookMs);
    }
  }

  #spawn([program, ...args]: readonly [string, ...string[]], port: string) {
    const { image, bin, ids, further = {} } = this.#options;
    return spawn(program, args, {
      cwd: image.folder,
      env: { PATH: bin, ...image.env, PORT: port, ADMIN_PORT: '0', ADMIN_TOKEN: adminToken, ...further },
      stdio: ['ignore', 'pipe', 'pipe'],
      ...ids,
    });
  }
}
