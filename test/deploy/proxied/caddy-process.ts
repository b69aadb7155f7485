import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { listenOnAnyPort } from '../../any-port.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { until } from '../../until.ts';

/** How Caddy is started. */
export interface CaddyOptions {
  /** Its file. */
  readonly text: string;
  readonly env: Readonly<Record<string, string>>;
  /** Whether it can be asked; `home` is where it keeps its things. */
  readonly isUp: (home: string) => Promise<boolean>;
}

/** Caddy as a process of its own, on loopback. */
export class CaddyProcess {
  /** Where it keeps its things, its certificates among them. */
  readonly home: string;
  readonly #said: () => string;

  private constructor(home: string, said: () => string) {
    this.home = home;
    this.#said = said;
  }

  /** Starts it and waits until it can be asked. It is killed when the test is over. */
  static async start(context: TestContext, { text, env, isUp }: CaddyOptions): Promise<CaddyProcess> {
    const home = temporaryFolder(context, { Caddyfile: text });
    const child = spawn('caddy', ['run', '--adapter', 'caddyfile', '--config', join(home, 'Caddyfile')], {
      env: { PATH: process.env['PATH'], XDG_DATA_HOME: home, XDG_CONFIG_HOME: home, ...env },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (data: Buffer) => (said += data.toString()));
    const ended = once(child, 'close');
    context.onTestFinished(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    await until('the proxy', () => {
      if (child.exitCode !== null) throw new Error(`Caddy did not start: ${said}`);
      return isUp(home);
    });
    return new CaddyProcess(home, () => said);
  }

  /** Waits until it has seen that a process takes no new call. */
  async seesUnready(address: string): Promise<void> {
    const refused = /out of tolerances|unexpected status/;
    const lines = (): string[] => this.#said().split('\n');
    await until('an unready process', () => lines().some((line) => refused.test(line) && line.includes(address)));
  }
}

/** Why a test is skipped that has the proxy turn from one process to another; null where it can. */
export function losesForms(): string | null {
  const version = spawnSync('caddy', ['version'], { encoding: 'utf8' }).stdout;
  const [, major = 0, minor = 0, patch = 0] = (/(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []).map(Number);
  const isNew = major > 2 || minor > 11 || (minor === 11 && patch >= 7);
  return isNew
    ? null
    : `Caddy ${major}.${minor}.${patch} loses forms when it tries another process, and 2.11.7 does not`;
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenOnAnyPort(server);
  server.close();
  await once(server, 'close');
  return port;
}
