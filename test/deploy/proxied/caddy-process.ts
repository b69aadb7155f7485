import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { TestContext } from 'vitest';
import { listenOnAnyPort } from '../../any-port.ts';
import { temporaryFolder } from '../../temporary-folder.ts';
import { until } from '../../until.ts';
import { deployFolder } from '../deploy-files.ts';
import { connectTls, type TlsServer } from './tls-way.ts';

/** On loopback, with certificates of its own. */
const options = (port: number): string => `
  admin off
  default_bind 127.0.0.1
  https_port ${port}
  auto_https disable_redirects
  local_certs
  skip_install_trust
`;

/** The proxy of the compose file as a process, with the file that it has there. */
export class CaddyProcess {
  readonly server: TlsServer;
  readonly #said: () => string;

  private constructor(server: TlsServer, said: () => string) {
    this.server = server;
    this.#said = said;
  }

  /** Starts it before these processes. It is killed when the test is over. */
  static async start(
    context: TestContext,
    publicUrl: string,
    upstreams: Readonly<Record<string, string>>,
  ): Promise<CaddyProcess> {
    const home = temporaryFolder(context);
    const port = await freePort();
    const child = spawn('caddy', ['run', '--adapter', 'caddyfile', '--config', `${deployFolder}Caddyfile`], {
      env: {
        PATH: process.env['PATH'],
        XDG_DATA_HOME: home,
        XDG_CONFIG_HOME: home,
        PUBLIC_URL: publicUrl,
        CADDY_OPTIONS: options(port),
        ...upstreams,
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (data: Buffer) => (said += data.toString()));
    const ended = once(child, 'close');
    context.onTestFinished(async () => {
      child.kill('SIGKILL');
      await ended;
    });
    const file = join(home, 'caddy/pki/authorities/local/root.crt');
    const server = await until('the proxy', async () => {
      if (child.exitCode !== null) throw new Error(`Caddy did not start: ${said}`);
      if (!existsSync(file)) return null;
      const there = { port, name: new URL(publicUrl).hostname, authority: readFileSync(file, 'utf8') };
      return (await isUp(there)) && there;
    });
    return new CaddyProcess(server, () => said);
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

async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listenOnAnyPort(server);
  server.close();
  await once(server, 'close');
  return port;
}

/** Whether a connection whose certificate is good can be opened. */
function isUp(server: TlsServer): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connectTls(server);
    const answer = (is: boolean): void => {
      socket.destroy();
      resolve(is);
    };
    socket.on('secureConnect', () => answer(true));
    socket.on('error', () => answer(false));
  });
}
