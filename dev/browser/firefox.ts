import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { WebSocket } from 'ws';
import { isJsonObject, parseJson } from '../../src/encoding/json.ts';
import { programOf } from './program.ts';

const names = ['firefox-esr', 'firefox'];

/** A machine that is busy with other work takes long to start one, or to answer. */
const answerMsMax = 120_000;

/** That of this process: the name `process` is taken by the browser's below. */
const ownEnvironment = process.env;

/** Pages get a microphone that hears a tone, without a question, and may play what they like. */
const preferences = {
  'media.navigator.streams.fake': true,
  'media.navigator.permission.disabled': true,
  'media.autoplay.default': 0,
  'datareporting.policy.dataSubmissionEnabled': false,
  'app.normandy.enabled': false,
};

/** A tab, or why there is none. */
export type FoundFirefox = { readonly tab: FirefoxTab } | { readonly missing: string };

/**
 * One tab of the system's Firefox, without a window. It is told what to do by WebDriver BiDi itself: playwright wants commands that the
 * Firefox of Debian does not have.
 */
export class FirefoxTab {
  readonly #process: ChildProcess;
  readonly #profile: string;
  readonly #socket: WebSocket;
  readonly #waiting = new Map<number, (reply: unknown) => void>();
  #lastId = 0;
  #context = '';

  private constructor(process: ChildProcess, profile: string, socket: WebSocket) {
    this.#process = process;
    this.#profile = profile;
    this.#socket = socket;
    socket.on('message', (data: Buffer) => this.#take(parseJson(data.toString())));
  }

  /** `env`: what the browser finds in its environment beside that of this process. */
  static async open(env: Readonly<Record<string, string>> = {}): Promise<FoundFirefox> {
    const program = programOf(names);
    if (program === null) return { missing: 'There is no Firefox here: apt-get install firefox-esr.' };
    const profile = mkdtempSync(join(tmpdir(), 'parley-firefox-'));
    const lines = Object.entries(preferences).map(([name, value]) => `user_pref("${name}", ${value});\n`);
    writeFileSync(join(profile, 'user.js'), lines.join(''));
    const args = ['--headless', '--no-remote', '--remote-debugging-port=0', '--profile', profile];
    const process = spawn(program, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...ownEnvironment, ...env } });
    const socket = new WebSocket(`${await addressOf(process)}/session`);
    await once(socket, 'open');
    const tab = new FirefoxTab(process, profile, socket);
    await tab.#send('session.new', { capabilities: {} });
    const tree = await tab.#send('browsingContext.getTree', {});
    const [first]: unknown[] = Array.isArray(tree['contexts']) ? tree['contexts'] : [];
    tab.#context = isJsonObject(first) ? String(first['context']) : '';
    return { tab };
  }

  /** Opens an address and waits until it is loaded. */
  async goTo(url: string): Promise<void> {
    await this.#send('browsingContext.navigate', { context: this.#context, url, wait: 'complete' });
  }

  /** What a text of JavaScript evaluates to in the page, by way of JSON; a promise is awaited. Throws what it throws. */
  async evaluate(expression: string): Promise<unknown> {
    const { type, result, exceptionDetails } = await this.#send('script.evaluate', {
      expression: `Promise.resolve(${expression}).then((value) => JSON.stringify(value) ?? 'null')`,
      target: { context: this.#context },
      awaitPromise: true,
      userActivation: true,
    });
    if (type !== 'success' || !isJsonObject(result))
      throw new Error(`${expression}: ${JSON.stringify(exceptionDetails)}`);
    return parseJson(String(result['value']));
  }

  async close(): Promise<void> {
    const ended = once(this.#process, 'exit');
    this.#socket.terminate();
    this.#process.kill('SIGKILL');
    await ended;
    rmSync(this.#profile, { recursive: true, force: true, maxRetries: 5 });
  }

  async #send(method: string, params: object): Promise<Record<string, unknown>> {
    this.#lastId += 1;
    const id = this.#lastId;
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#waiting.set(id, resolve);
    const timer = setTimeout(() => reject(new Error(`Firefox does not answer to ${method}.`)), answerMsMax);
    this.#socket.send(JSON.stringify({ id, method, params }));
    const reply = await promise.finally(() => clearTimeout(timer));
    if (!isJsonObject(reply) || !isJsonObject(reply['result'])) throw new Error(`${method}: ${JSON.stringify(reply)}`);
    return reply['result'];
  }

  #take(reply: unknown): void {
    const id = isJsonObject(reply) ? Number(reply['id']) : 0;
    this.#waiting.get(id)?.(reply);
    this.#waiting.delete(id);
  }
}

/** Where the browser listens, as it says when it has started. */
async function addressOf({ stderr }: ChildProcess): Promise<string> {
  if (stderr === null) throw new TypeError('Firefox was started without its standard error.');
  for await (const line of createInterface({ input: stderr })) {
    const [, address] = /WebDriver BiDi listening on (ws:\S+)/.exec(line) ?? [];
    if (address !== undefined) return address;
  }
  throw new Error('Firefox ended before it listened.');
}
