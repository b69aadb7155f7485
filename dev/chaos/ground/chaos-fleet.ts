import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { TcpProxy } from '../../../test/tcp-proxy.ts';
import { isReady, RoutingProxy } from '../../fleet/routing-proxy.ts';
import { greeting } from '../../kill/conversation.ts';
import { chaosAccount } from './chaos-account.ts';
import { StruckProcess } from './struck-process.ts';
import { WishServer } from './wish-server.ts';

const instances = ['a', 'b', 'c'];

/** How many processes there are. */
export const fleetSize = instances.length;

/** How long it may take until all processes take calls: they share the limit by their leases. */
const readyMsMax = 30_000;
const lookMs = 100;

/** Where everything is that a fleet speaks to, and what it may. */
export interface ChaosFleetOptions {
  /** A folder for its files. */
  readonly folder: string;
  /** An empty database. */
  readonly database: string;
  readonly modelUrl: string;
  /** The proxy before Twilio's REST interface, and the certificate to trust there. */
  readonly twilioProxyUrl: string;
  readonly twilioCertFile: string;
  readonly callsMax: number;
  /** By how much the clock of each process is ahead, in ms. */
  readonly clocksAheadMs: readonly number[];
}

/** Three processes, the proxy before them, the ways to their database, and the server of their tool. */
export class ChaosFleet {
  readonly members: readonly StruckProcess[];
  /** What the server of the tool was told to do, each time. */
  readonly effects: readonly string[];
  readonly url: string;
  readonly #proxy: RoutingProxy;
  readonly #closers: (() => void)[];

  private constructor(
    members: readonly StruckProcess[],
    effects: readonly string[],
    proxy: RoutingProxy,
    url: string,
    closers: (() => void)[],
  ) {
    this.members = members;
    this.effects = effects;
    this.url = url;
    this.#proxy = proxy;
    this.#closers = closers;
  }

  /** Starts it, and resolves when all processes take calls. */
  static async open(options: ChaosFleetOptions): Promise<ChaosFleet> {
    const { folder, database, clocksAheadMs } = options;
    const tool = await WishServer.open();
    const proxy = new RoutingProxy();
    const closers = [() => tool.close(), () => proxy.close()];
    const onTestFinished = (close: () => void): void => void closers.push(close);
    const settings = settingsOf(options, tool);
    const members: StruckProcess[] = [];
    for (const [at, instance] of instances.entries()) {
      const way = await TcpProxy.open({ onTestFinished }, database);
      members.push(new StruckProcess({ instance, settings, clockAheadMs: clocksAheadMs[at] ?? 0, way, proxy, folder }));
    }
    const fleet = new ChaosFleet(members, tool.effects, proxy, await proxy.listen(), closers);
    try {
      await Promise.all(members.map((member) => member.start()));
      await fleet.isWhole();
    } catch (error) {
      await fleet.close();
      throw error;
    }
    return fleet;
  }

  /** Resolves when all processes take calls, or that takes too long. */
  async isWhole(): Promise<void> {
    const untilMs = performance.now() + readyMsMax;
    const ports = this.#proxy.ports;
    while (performance.now() < untilMs) {
      const ready = await Promise.all([...ports.values()].map(isReady));
      if (ready.length === fleetSize && ready.every(Boolean)) return;
      await delay(lookMs);
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.members.map((member) => member.kill()));
    for (const close of this.#closers) close();
  }
}

function settingsOf(options: ChaosFleetOptions, tool: WishServer): Record<string, string> {
  const { folder, modelUrl, twilioProxyUrl, twilioCertFile, callsMax } = options;
  const { publicOrigin, accountSid, authToken, geminiKey } = chaosAccount;
  const toolsFile = join(folder, 'tools.yaml');
  writeFileSync(toolsFile, tool.toolsFile);
  return {
    PATH: process.env['PATH'] ?? '',
    PORT: '0',
    ADMIN_PORT: 'off',
    PUBLIC_URL: publicOrigin,
    TWILIO_AUTH_TOKEN: authToken,
    TWILIO_ACCOUNT_SID: accountSid,
    // Twilio's package takes this proxy, and Node this certificate.
    HTTP_PROXY: twilioProxyUrl,
    NODE_EXTRA_CA_CERTS: twilioCertFile,
    GEMINI_API_KEY: geminiKey,
    GEMINI_BASE_URL: modelUrl,
    AGENT_GREETING: greeting,
    TOOLS_FILE: toolsFile,
    MAX_CONCURRENT_CALLS: String(callsMax),
    // A machine that is busy with other work makes a process late.
    MAX_EVENT_LOOP_DELAY_MS: 'off',
    DRAIN_SECONDS: '60',
  };
}
