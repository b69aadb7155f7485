import { flushCompileCache } from 'node:module';
import type { Socket } from 'node:net';
import { agentTools, mayUse } from '../agents/agent-tools.ts';
import type { Config } from '../config/config.ts';
import type { ConsoleServer } from '../console/door/console-server.ts';
import type { CallRegistry } from '../host/call-registry.ts';
import { hostInUrl } from '../system/listening-place.ts';
import type { HttpServer } from '../twilio/edge/http-server.ts';
import { rehearseWebhook } from '../twilio/edge/rehearsal.ts';
import { paths } from '../twilio/paths.ts';
import { agentSummary } from './agent-summary.ts';
import { fleetMembers } from './fleet.ts';
import { keepJournal } from './journal/journal-keeper.ts';
import { type Reached, type ServiceCore, serviceCore, type ServiceParts } from './service-core.ts';
import { twilioDoor } from './twilio-door.ts';

/** How long the last lines of the call logs may take to reach the disk. */
const logMsMax = 2_000;

/** How long the last entries of the journal may take. */
const journalMsMax = 2_000;

/** A running service. */
export interface Service {
  readonly port: number;
  readonly registry: CallRegistry;
  /** The operator's pages; null without any. */
  readonly admin: ConsoleServer | null;
  /** Answers on a connection that another process has taken, with what that has read of it. */
  take(socket: Socket, start: Uint8Array): void;
  /**
   * Takes no new calls, lets the live ones go on for at most `drainMsMax`, leaves the rest to the next process or sends it to the fallback
   * (DRAIN_TO), then stops. Resolves to how many calls were cut off.
   */
  stop(drainMsMax: number): Promise<number>;
}

/**
 * Starts to answer calls. Throws `http.portTaken`, and `config.invalid` for a filler phrase that cannot be played or a tool that
 * cannot be declared to the model.
 */
export async function startService(config: Config, parts: ServiceParts): Promise<Service> {
  const { log, lease = null, logLinesLost = () => 0 } = parts;
  let reached: Reached = { port: 0, publicUrl: config.http.publicUrl ?? '' };
  const core = await serviceCore(config, parts, () => reached);
  const { service, journal, monitoring, twiml } = core;
  const { registry, refusals, fetcher } = service;
  let admin: ConsoleServer | null = null;
  const { instance } = config.http;
  keepLease(core, parts, () =>
    instance === null ? null : (parts.worker?.pages ?? admin?.announced(instance) ?? null),
  );
  const stopKeeping = keepJournal(journal, config.journal.keepDays, log);
  const publicUrl = (): string => reached.publicUrl;
  const door = twilioDoor(config, { service, publicUrl, secret: parts.worker?.secret, log });
  await rehearseWebhook(twiml);
  // What Node has compiled is kept for the next start, also if this one is killed. There is something to write on the first start only.
  flushCompileCache();
  reached = await listen(door, config);
  tellListening(core, config, parts, reached);
  admin = await openConsole(core, config, parts);
  monitoring.watch({
    registry,
    refusals,
    journal,
    lease,
    fetchedCalls: () => fetcher.fetched,
    logLinesLost,
    viewers: () => admin?.streams ?? 0,
  });
  return {
    port: reached.port,
    registry,
    admin,
    take: (socket, start) => door.take(socket, start),
    async stop(drainMsMax) {
      log.info({ liveCalls: registry.liveCount, drainMsMax, journal: journal.state }, 'draining');
      core.pages?.browser.stop();
      core.reloader?.close();
      const cutOff = await new Promise<number>((resolve) => service.drain(drainMsMax, resolve));
      await Promise.all([door.close(), admin?.close()]);
      await core.logFolder?.settled(logMsMax);
      await monitoring.close();
      stopKeeping();
      await new Promise<void>((resolve) => (parts.lease === undefined ? resolve() : parts.lease.close(resolve)));
      core.measuredDelay.stop();
      core.busyness.stop();
      await new Promise<void>((resolve) => journal.close(journalMsMax, resolve));
      refusals.sumUp();
      log.info({ cutOff }, 'stopped');
      return cutOff;
    },
  };
}

/** From here on, the calls count that there are, and those of processes that fall are fetched. */
function keepLease(
  { service, journal }: ServiceCore,
  { lease, onReplaced = () => {} }: ServiceParts,
  pages: () => string | null,
): void {
  const { registry, fetcher } = service;
  lease?.watch({
    calls: () => registry.taken,
    takesCalls: () => !registry.isDraining,
    isLate: () => registry.noPlace === 'overloaded',
    pages,
    onFallen: (fallen, peers) => fetcher.take(fallen, peers, lease.holder),
    onDoubt: () => journal.reassert(),
    onReplaced,
  });
}

async function listen(door: HttpServer, { http }: Config): Promise<Reached> {
  const { host } = http;
  const port = await door.listen(http.port, host);
  return { port, publicUrl: http.publicUrl ?? `http://${hostInUrl(host)}:${port}` };
}

/** The line by which an admin sees that calls are answered, and with which settings. */
function tellListening(
  { book: { defaultAgent } }: ServiceCore,
  config: Config,
  { tools, searches = [], modelAccess, worker = null, log }: ServiceParts,
  { port, publicUrl }: Reached,
): void {
  const summary = agentSummary(defaultAgent, config, {
    tools: [...agentTools(defaultAgent, tools).keys()],
    searches: searches.filter((name) => mayUse(defaultAgent, name)),
    isSimulated: modelAccess !== undefined,
  });
  if (worker !== null) return log.info(summary, 'workerListening');
  log.info({ host: config.http.host, port, voiceWebhook: publicUrl + paths.voice, ...summary }, 'listening');
}

/** The operator's pages over these calls. */
async function openConsole(
  { agents, book, reloader, pages, journal, monitoring: { metrics } }: ServiceCore,
  config: Config,
  parts: ServiceParts,
): Promise<ConsoleServer | null> {
  if (pages === null) return null;
  const agentProblems = (): readonly string[] => reloader?.state.problems ?? [];
  const [agent, isSimulated] = [book.defaultAgent.name, parts.modelAccess !== undefined];
  const members = fleetMembers(config, parts.lease, (parts.worker ?? null) !== null);
  return pages.start({ agents, isSimulated, agent, journal, agentProblems, metrics, members });
}
