import { AgentBook } from '../agents/agent-book.ts';
import { environmentAgent } from '../agents/agent-profile.ts';
import type { Agents } from '../agents/open-agents.ts';
import { AgentsReloader } from '../agents/reload/agents-reloader.ts';
import { prepareLogFolder } from '../calllog/call-log.ts';
import type { LogFolder } from '../calllog/log-folder.ts';
import type { CallObserver } from '../call/call-observer.ts';
import type { Config } from '../config/config.ts';
import { type ModelAccess, modelAccess, openLive } from '../gemini/edge/access.ts';
import { googleSdk } from '../gemini/edge/google-sdk.ts';
import type { LeaseKeeper } from '../fleet/lease-keeper.ts';
import { modelFrameBytesMax } from '../gemini/model-budget.ts';
import type { Sdk } from '../gemini/sdk.ts';
import { calmCallsMax } from '../host/incoming/admission-control.ts';
import type { ObservedCall } from '../host/observed-call.ts';
import { type CallAgent, PhoneService } from '../host/phone-service.ts';
import { Journal } from '../store/journal.ts';
import { systemClock } from '../system/clock.ts';
import { MeasuredBusyness } from '../system/load/busyness.ts';
import { type EventLoopDelay, MeasuredDelay } from '../system/load/event-loop-delay.ts';
import type { Logger } from '../system/logger.ts';
import { systemRandomness } from '../system/randomness.ts';
import { webSocketConnect } from '../system/web-socket/web-socket.ts';
import type { Tool } from '../tools/tool.ts';
import { transferCallName } from '../tools/transfer-call.ts';
import { createRedirect } from '../twilio/edge/rest.ts';
import type { TwilioAccess } from '../twilio/edge/twilio-access.ts';
import type { Redirect } from '../twilio/redirect.ts';
import { TwimlWriter } from '../twilio/twiml-writer.ts';
import { CallAgents } from './agents/call-agents.ts';
import type { OfferedTools } from './agent-tools.ts';
import type { RunningService } from './browser-phone.ts';
import { contextWebhook } from './context/context-webhook.ts';
import { serviceFleet } from './fleet.ts';
import { type Monitoring, startMonitoring } from './monitoring.ts';
import type { OperatorPages } from './operator-pages.ts';
import { runTool } from './run-tool.ts';

/** What one of several workers has from whoever has started it. */
export interface WorkerPlace {
  /** With this, each proves to be the service. */
  readonly secret: string;
  /** What it tells the fleet of where the pages of all of them are; null where nobody can ask them. */
  readonly pages: string | null;
}

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
  /** It is one of several workers: another process takes their connections, and tells where it listens. Null or left out: it is none. */
  readonly worker?: WorkerPlace | null;
  /** Where the model is, if not where the configuration says: at the simulated one. */
  readonly modelAccess?: ModelAccess;
  /** How many lines of the log were lost so far, if that is known. */
  readonly logLinesLost?: () => number;
  /** How calls are redirected by REST, if not with the credentials of the configuration. */
  readonly redirect?: Redirect;
  /** Knows how late the process is, if not by timers of its own. */
  readonly eventLoopDelay?: EventLoopDelay;
  /** Lets another process go on with the calls; none unless given. It is closed with the service. */
  readonly journal?: Journal;
  /** How many calls this process may have of those that all processes share; without it, all are its own. It is closed with the service. */
  readonly lease?: LeaseKeeper;
  /** Another process has the name of this one, which must end. */
  readonly onReplaced?: () => void;
  /** Sees every step of every call, as a call log does. */
  readonly observeCall?: (call: ObservedCall) => CallObserver;
  /** Breaks calls, to see what holds then: is told of whatever enters one, and what it throws is thrown there. */
  readonly breakCall?: (callSid: string) => NonNullable<CallAgent['onEnter']>;
}

/** Where a service is reached. It is known when it listens, and nobody asks before. */
export interface Reached {
  readonly port: number;
  readonly publicUrl: string;
}

/** The calls of a service and all that stands around them, before anybody can reach it. */
export interface ServiceCore {
  readonly service: PhoneService;
  readonly agents: CallAgents;
  /** The agents at the start. */
  readonly book: AgentBook;
  readonly reloader: AgentsReloader | null;
  /** Null where none are wanted. */
  readonly pages: OperatorPages | null;
  readonly journal: Journal;
  readonly logFolder: LogFolder | null;
  readonly monitoring: Monitoring;
  readonly twiml: TwimlWriter;
  readonly measuredDelay: MeasuredDelay;
  readonly busyness: MeasuredBusyness;
}

/** Makes what hosts calls. Throws `config.invalid` as `startService` does. */
export async function serviceCore(config: Config, parts: ServiceParts, reached: () => Reached): Promise<ServiceCore> {
  const { log, tools, searches = [], toolNames = [...tools.keys()] } = parts;
  const isSimulated = parts.modelAccess !== undefined;
  const twiml = new TwimlWriter({ publicUrl: () => reached().publicUrl, instance: config.http.instance });
  const logFolder = config.recordDir === null ? null : prepareLogFolder(config.recordDir, log);
  const journal = parts.journal ?? new Journal({ open: null, clock: systemClock, log });
  const pages = await openPages(config, () => ({ service, ...reached() }), log);
  const monitoring = await startMonitoring(config, countedTools(parts), log);
  const book = parts.agents?.book ?? new AgentBook(environmentAgent(config, isSimulated));
  const offered = { tools, searches, names: toolNames };
  const watchers = { logFolder, pages, monitoring };
  const agents = new CallAgents(book, { ...parts, ...watchers, offered, config, isSimulated });
  const measuredDelay = new MeasuredDelay(systemClock);
  const { eventLoopDelay = measuredDelay } = parts;
  const busyness = new MeasuredBusyness(systemClock);
  const drivers = await loadDrivers(config, parts);
  const means = { parts, drivers, agents, twiml, journal, pages, eventLoopDelay, busyness };
  const service: PhoneService = hostCalls(config, means);
  const reloader = followFiles(parts, agents);
  return { service, agents, book, reloader, ...watchers, journal, twiml, measuredDelay, busyness };
}

/** By which tools figures are told apart. Agents may transfer by what their file says, whatever the environment does. */
function countedTools({ tools, toolNames = [...tools.keys()] }: ServiceParts): readonly string[] {
  return [...new Set([transferCallName, ...toolNames])];
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

function slotsOf(lease: LeaseKeeper): () => number {
  return () => lease.slots;
}

/** What stands around the calls, driven by the real world. */
function hostCalls(
  config: Config,
  means: {
    readonly parts: ServiceParts;
    readonly drivers: LoadedDrivers;
    readonly agents: CallAgents;
    readonly twiml: TwimlWriter;
    readonly journal: Journal;
    readonly pages: OperatorPages | null;
    readonly eventLoopDelay: EventLoopDelay;
    readonly busyness: MeasuredBusyness;
  },
): PhoneService {
  const { parts, drivers, agents, twiml, journal, pages, eventLoopDelay, busyness } = means;
  const { log } = parts;
  const fleet = serviceFleet(config, parts.lease);
  return new PhoneService(
    {
      callsMax: config.limits.callsPerProcess,
      ...(parts.lease === undefined ? {} : { slots: slotsOf(parts.lease) }),
      admission: { delayMsMax: config.limits.eventLoopDelayMsMax, callsMin: calmCallsMax },
      twiml,
      ...(fleet !== null && { fleet }),
      receptionFor: (to) => agents.receptionFor(to),
      agentFor: (...ofCall) => agents.agentFor(...ofCall),
      contextWantedFor: (parties) => agents.contextWantedFor(parties),
      leavesCalls: config.limits.drainTo === 'restart',
    },
    {
      clock: systemClock,
      eventLoopDelay,
      busyness,
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
