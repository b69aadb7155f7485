import { flushCompileCache } from 'node:module';
import { AgentBook } from '../agents/agent-book.ts';
import { environmentAgent } from '../agents/agent-profile.ts';
import type { Agents } from '../agents/open-agents.ts';
import { AgentsReloader } from '../agents/reload/agents-reloader.ts';
import { agentTools } from '../agents/agent-tools.ts';
import { prepareLogFolder } from '../calllog/call-log.ts';
import type { CallObserver } from '../call/call-observer.ts';
import type { Config } from '../config/config.ts';
import { type ModelAccess, modelAccess, openLive } from '../gemini/edge/access.ts';
import { googleSdk } from '../gemini/edge/google-sdk.ts';
import { modelFrameBytesMax } from '../gemini/model-budget.ts';
import type { Sdk } from '../gemini/sdk.ts';
import type { ConsoleServer } from '../console/door/console-server.ts';
import type { CallRegistry } from '../host/call-registry.ts';
import type { ObservedCall } from '../host/observed-call.ts';
import { type CallAgent, PhoneService } from '../host/phone-service.ts';
import { Journal } from '../store/journal.ts';
import { systemClock } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import { systemRandomness } from '../system/randomness.ts';
import { webSocketConnect } from '../system/web-socket.ts';
import type { Tool } from '../tools/tool.ts';
import { rehearseWebhook } from '../twilio/edge/rehearsal.ts';
import { createRedirect } from '../twilio/edge/rest.ts';
import type { TwilioAccess } from '../twilio/edge/twilio-access.ts';
import { paths } from '../twilio/paths.ts';
import type { Redirect } from '../twilio/redirect.ts';
import { TwimlWriter } from '../twilio/twiml-writer.ts';
import type { OfferedTools } from './agent-tools.ts';
import { agentSummary } from './agent-summary.ts';
import type { RunningService } from './browser-phone.ts';
import { contextWebhook } from './context/context-webhook.ts';
import { keepJournal } from './journal-keeper.ts';
import { startMonitoring } from './monitoring.ts';
import type { OperatorPages } from './operator-pages.ts';
import { runTool } from './run-tool.ts';
import { CallAgents } from './agents/call-agents.ts';
import { twilioDoor } from './twilio-door.ts';

/** How long the last lines of the call logs may take to reach the disk. */
const logMsMax = 2_000;

/** How long the last entries of the journal may take. */
const journalMsMax = 2_000;

/** What a service is made of, beside its configuration. */
export interface ServiceParts {
  /** All that there are. Each agent uses those that it may. */
  readonly tools: ReadonlyMap<string, Tool>;
  /** Who answers which number, read again when its files change; the agent of the environment unless given. */
  readonly agents?: Agents;
  /** What of the tools file has the model search the web, and the names of tools that are not there at the moment; none unless given. */
  readonly searches?: readonly string[];
  readonly toolNames?: readonly string[];
  /** Hands on what there is after a change; it never changes unless given. */
  readonly watchTools?: (take: (offered: OfferedTools) => void) => void;
  readonly log: Logger;
  /** Where the model is, if not where the configuration says: at the simulated one. */
  readonly modelAccess?: ModelAccess;
  /** How many records the lookup file has, for the log. */
  readonly lookupRecords?: number;
  /** How many lines of the log were lost so far, if that is known. */
  readonly logLinesLost?: () => number;
  /** How calls are redirected by REST, if not with the credentials of the configuration. */
  readonly redirect?: Redirect;
  /** Lets another process go on with the calls; none unless given. It is closed with the service. */
  readonly journal?: Journal;
  /** Sees every step of every call, as a call log does. */
  readonly observeCall?: (call: ObservedCall) => CallObserver;
  /** Breaks calls, to see what holds then: is told of whatever enters one, and what it throws is thrown there. */
  readonly breakCall?: (callSid: string) => NonNullable<CallAgent['onEnter']>;
}

/** A running service. */
export interface Service {
  readonly port: number;
  readonly registry: CallRegistry;
  /** The operator's pages; null without any. */
  readonly admin: ConsoleServer | null;
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
  const { log } = parts;
  let localUrl = '';
  let port = 0;
  const publicUrl = (): string => config.http.publicUrl ?? localUrl;
  const twiml = new TwimlWriter({ publicUrl });
  const logFolder = config.recordDir === null ? null : prepareLogFolder(config.recordDir, log);
  const journal = parts.journal ?? new Journal({ open: null, clock: systemClock, log });
  const running = (): RunningService => ({ service, publicUrl: publicUrl(), port });
  const pages = await openPages(config, running, log);
  const monitoring = await startMonitoring(config, parts.toolNames ?? [...parts.tools.keys()], log);
  const isSimulated = parts.modelAccess !== undefined;
  const { tools, searches = [], toolNames = [...tools.keys()] } = parts;
  const offered = { tools, searches, names: toolNames };
  const book = parts.agents?.book ?? new AgentBook(environmentAgent(config, isSimulated));
  const watchers = { logFolder, pages, monitoring };
  const agents = new CallAgents(book, { ...parts, ...watchers, offered, config, isSimulated });
  const drivers = await loadDrivers(config, parts);
  const service: PhoneService = hostCalls(config, { parts, drivers, agents, twiml, journal, pages });
  const reloader = followFiles(parts, agents);
  const stopKeeping = keepJournal(journal, config.journal.keepDays, log);
  const { registry, refusals } = service;
  const server = twilioDoor(config, { service, publicUrl, streamUrl: () => twiml.streamUrl, log });
  await rehearseWebhook(twiml);
  // What Node has compiled is kept for the next start, also if this one is killed. There is something to write on the first start only.
  flushCompileCache();
  const { host } = config.http;
  port = await server.listen(config.http.port, host);
  localUrl = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const { defaultAgent } = book;
  const summary = agentSummary(defaultAgent, config, {
    tools: [...agentTools(defaultAgent, tools).keys()],
    lookupRecords: parts.lookupRecords ?? null,
  });
  log.info({ host, port, voiceWebhook: publicUrl() + paths.voice, ...summary }, 'listening');
  const started = await pages?.start({
    agents,
    isSimulated,
    agent: defaultAgent.name,
    journal,
    agentProblems: () => reloader?.state.problems ?? [],
    metrics: monitoring.metrics,
  });
  const admin = started ?? null;
  const { logLinesLost = () => 0 } = parts;
  monitoring.watch({ registry, refusals, journal, logLinesLost, viewers: () => admin?.streams ?? 0 });

  return {
    port,
    registry,
    admin,
    async stop(drainMsMax) {
      log.info({ liveCalls: registry.liveCount, drainMsMax, journal: journal.state }, 'draining');
      pages?.browser.stop();
      reloader?.close();
      const cutOff = await new Promise<number>((resolve) => service.drain(drainMsMax, resolve));
      await Promise.all([server.close(), admin?.close()]);
      await logFolder?.settled(logMsMax);
      await monitoring.close();
      stopKeeping();
      await new Promise<void>((resolve) => journal.close(journalMsMax, resolve));
      refusals.sumUp();
      log.info({ cutOff }, 'stopped');
      return cutOff;
    },
  };
}

/** The operator's pages; null where none are wanted, and then they are not loaded. */
async function openPages(config: Config, running: () => RunningService, log: Logger): Promise<OperatorPages | null> {
  if (config.admin.port === null) return null;
  const { operatorPages } = await import('./operator-pages.ts');
  return operatorPages(config, running, log);
}

/** What calls reach the world by and what takes long to load. */
interface LoadedDrivers {
  readonly sdk: Sdk;
  readonly redirect: Redirect;
}

/** Loads it for the first call, which would have to wait for it. */
async function loadDrivers(
  config: Config,
  { modelAccess: given, redirect, log }: ServiceParts,
): Promise<LoadedDrivers> {
  const access = given ?? modelAccess(config);
  await openLive(access);
  return { sdk: googleSdk(access), redirect: redirect ?? (await createRedirect(twilioAccess(config), log)) };
}

/** What stands around the calls, driven by the real world. */
function hostCalls(
  config: Config,
  means: {
    readonly parts: ServiceParts;
    readonly agents: CallAgents;
    readonly twiml: TwimlWriter;
    readonly drivers: LoadedDrivers;
    readonly journal: Journal;
    readonly pages: OperatorPages | null;
  },
): PhoneService {
  const { parts, drivers, agents, twiml, journal, pages } = means;
  const { log } = parts;
  return new PhoneService(
    {
      callsMax: config.limits.concurrentCallsMax,
      twiml,
      receptionFor: (to) => agents.receptionFor(to),
      agentFor: (...ofCall) => agents.agentFor(...ofCall),
      contextWantedFor: (...ofCall) => agents.contextWantedFor(...ofCall),
      leavesCalls: config.limits.drainTo === 'restart',
    },
    {
      clock: systemClock,
      randomness: systemRandomness,
      sdk: drivers.sdk,
      connect: webSocketConnect(modelFrameBytesMax),
      redirect: pages?.browser.redirect(drivers.redirect) ?? drivers.redirect,
      runTool,
      journal,
      ...(config.contextWebhook === null ? {} : { askContext: contextWebhook(config.contextWebhook, systemClock) }),
      log,
    },
  );
}

/** The next calls get the agents and tools that their files hold then. Null where no files hold agents. */
function followFiles(parts: ServiceParts, calls: CallAgents): AgentsReloader | null {
  const { agents, log } = parts;
  const reloader =
    agents === undefined
      ? null
      : new AgentsReloader({ agents, take: (next) => calls.take(next), clock: systemClock, log });
  parts.watchTools?.((next) => {
    calls.takeTools(next);
    // An agent may have been refused for a tool that is there by now.
    reloader?.tryAgain();
  });
  return reloader;
}

function twilioAccess({ twilio: { accountSid, authToken, apiKey } }: Config): TwilioAccess | null {
  if (accountSid === null) return null;
  if (apiKey !== null) return { accountSid, username: apiKey.sid, password: apiKey.secret };
  return authToken === null ? null : { accountSid, username: accountSid, password: authToken };
}
