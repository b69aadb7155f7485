import { type AudioPath, filteredAudioPath } from '../audio/audio-path.ts';
import { CallLog, prepareLogFolder } from '../calllog/call-log.ts';
import type { LogFolder } from '../calllog/log-folder.ts';
import { CallWaits } from '../calllog/story/call-waits.ts';
import type { CallObserver } from '../call/call-observer.ts';
import type { CallSettings } from '../call/call-settings.ts';
import type { Config } from '../config/config.ts';
import { type ModelAccess, modelAccess } from '../gemini/edge/access.ts';
import { googleSdk } from '../gemini/edge/google-sdk.ts';
import { modelFrameBytesMax } from '../gemini/model-budget.ts';
import { behaviorOf } from '../gemini/models.ts';
import { liveSetup } from '../gemini/setup.ts';
import { CallCost } from '../host/call-cost.ts';
import type { ConsoleServer } from '../console/door/console-server.ts';
import type { LiveCalls } from '../console/live/live-calls.ts';
import type { Parties } from '../host/call-desk.ts';
import type { CallRegistry } from '../host/call-registry.ts';
import type { CallAccount } from '../host/outcome/outcome-writer.ts';
import type { ObservedCall } from '../host/observed-call.ts';
import { type CallAgent, PhoneService } from '../host/phone-service.ts';
import { serviceComfortSounds, shippedComfortSounds } from '../sounds/comfort-sounds.ts';
import { mulawCodec } from '../sounds/mulaw-codec.ts';
import { Journal } from '../store/journal.ts';
import { systemClock } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import { systemRandomness } from '../system/randomness.ts';
import { webSocketConnect, WebSocketEnd } from '../system/web-socket.ts';
import { termsOf } from '../tools/tool-terms.ts';
import type { ServedCall, Tool } from '../tools/tool.ts';
import { HttpServer } from '../twilio/edge/http-server.ts';
import { Identity } from '../twilio/edge/identity.ts';
import { isLocalRequest } from '../twilio/edge/local-request.ts';
import { createRedirect, type TwilioAccess } from '../twilio/edge/rest.ts';
import { refusedSignature } from '../twilio/edge/refused-signature.ts';
import { isSignedUpgrade } from '../twilio/edge/signature.ts';
import { webhookRoutes } from '../twilio/edge/webhook-routes.ts';
import { paths } from '../twilio/paths.ts';
import type { Redirect } from '../twilio/redirect.ts';
import { TwimlWriter } from '../twilio/twiml-writer.ts';
import type { BrowserCalls } from '../console/phone/browser-calls.ts';
import { phonePart } from '../console/phone/phone-part.ts';
import { browserCalls, phoneSetup } from './browser-phone.ts';
import { agentName, agentSetup } from './agent-setup.ts';
import { agentSummary } from './agent-summary.ts';
import { keepJournal } from './journal-keeper.ts';
import { keepLiveCalls } from './live-board.ts';
import { readiness } from './readiness.ts';
import { type Monitoring, startMonitoring } from './monitoring.ts';
import { runTool } from './run-tool.ts';
import { startConsole } from './start-console.ts';

/** How long the last lines of the call logs may take to reach the disk. */
const logMsMax = 2_000;

/** How long the last entries of the journal may take. */
const journalMsMax = 2_000;

/**
 * A call has a media socket, and a webhook now and then. These connections come on top, because callers for whom there is no room must still
 * be told so.
 */
const connectionsExtra = 1_000;

/** What a service is made of, beside its configuration. */
export interface ServiceParts {
  readonly tools: ReadonlyMap<string, Tool>;
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
  const twiml = new TwimlWriter({ publicUrl, sayLanguage: config.agent.languageTag });
  const logFolder = config.recordDir === null ? null : prepareLogFolder(config.recordDir, log);
  const journal = parts.journal ?? new Journal({ open: null, clock: systemClock, log });
  const browser = browserCalls(config, () => ({ service, publicUrl: publicUrl(), port }), log);
  const monitoring = await startMonitoring(config, [...parts.tools.keys()], log);
  const isSimulated = parts.modelAccess !== undefined;
  const agent = agentName(config, isSimulated);
  const live = keepLiveCalls(config, agent, () => service);
  const service: PhoneService = new PhoneService(
    {
      callsMax: config.limits.concurrentCallsMax,
      twiml,
      settings: callSettings(config, parts.tools),
      agentFor: agents(config, parts, { logFolder, live, browser, monitoring }),
      leavesCalls: config.limits.drainTo === 'restart',
    },
    {
      clock: systemClock,
      randomness: systemRandomness,
      sdk: googleSdk(parts.modelAccess ?? modelAccess(config)),
      connect: webSocketConnect(modelFrameBytesMax),
      redirect: browser.redirect(parts.redirect ?? createRedirect(twilioAccess(config), log)),
      runTool,
      journal,
      log,
    },
  );
  const stopKeeping = keepJournal(journal, config.journal.keepDays, log);
  const { registry, refusals } = service;
  const server = twilioDoor(config, { service, publicUrl, streamUrl: () => twiml.streamUrl, log });
  const { host } = config.http;
  port = await server.listen(config.http.port, host);
  localUrl = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  const summary = agentSummary(config, {
    tools: [...parts.tools.keys()],
    lookupRecords: parts.lookupRecords ?? null,
    isSimulated,
  });
  log.info({ host, port, voiceWebhook: publicUrl() + paths.voice, ...summary }, 'listening');
  const phone = phonePart(browser, phoneSetup(config, parts.tools, isSimulated), log);
  const admin = await startConsole({ config, service, agent, live, journal, phone, metrics: monitoring.metrics, log });
  const { logLinesLost = () => 0 } = parts;
  monitoring.watch({ registry, refusals, journal, logLinesLost, viewers: () => admin?.streams ?? 0 });

  return {
    port,
    registry,
    admin,
    async stop(drainMsMax) {
      log.info({ liveCalls: registry.liveCount, drainMsMax, journal: journal.state }, 'draining');
      browser.stop();
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

/** What Twilio's door is made of, beside the configuration. */
interface DoorMeans {
  readonly service: PhoneService;
  readonly publicUrl: () => string;
  readonly streamUrl: () => string;
  readonly log: Logger;
}

/** Where Twilio asks and opens its streams. Without an auth token, only this machine may. */
function twilioDoor({ twilio, limits, http }: Config, { service, publicUrl, streamUrl, log }: DoorMeans): HttpServer {
  const { signing: keys } = twilio;
  const isChecked = keys.authTokens.length > 0;
  const { registry, refusals } = service;
  return new HttpServer({
    webhooks: webhookRoutes({ webhooks: service.webhooks, publicUrl, keys, refusals }),
    connectionsMax: 2 * limits.concurrentCallsMax + connectionsExtra,
    onMediaSocket: (socket, address) => service.acceptSocket(new WebSocketEnd(socket), isChecked ? null : address),
    isRequestAllowed: (headers) => isChecked || isLocalRequest(headers, http.publicUrl),
    isUpgradeAllowed: (headers) => !isChecked || isSignedUpgrade(keys, headers, streamUrl()),
    explainUpgrade: (headers) => refusedSignature(keys, headers, streamUrl(), {}),
    isReady: readiness(registry, log),
    identity: new Identity(systemRandomness.token(), systemClock),
    refusals,
    log,
  });
}

/** Who observes each call. */
interface Watchers {
  readonly logFolder: LogFolder | null;
  readonly live: LiveCalls | null;
  readonly browser: BrowserCalls;
  readonly monitoring: Monitoring;
}

/** The agent that the configuration describes. Each call gets observers of its own. */
function agents(
  config: Config,
  { tools, modelAccess: simulated, observeCall, breakCall, log }: ServiceParts,
  { logFolder, live, browser, monitoring }: Watchers,
): (callSid: string, parties: Parties) => CallAgent {
  const settings = callSettings(config, tools);
  const name = agentName(config, simulated !== undefined);
  const first = agentSetup(config, tools);
  const fallback = { ...first, model: config.gemini.fallbackModel ?? first.model };
  const models = { first: first.model, fallback: fallback.model };
  // What no session can be set up with is refused before a caller meets it.
  for (const agent of [first, fallback]) liveSetup(agent);
  const comfortSounds = serviceComfortSounds(config.agent, log);
  const audioPath: AudioPath = filteredAudioPath(mulawCodec, comfortSounds);
  const ownFillerPhrase = comfortSounds.phrase === shippedComfortSounds.phrase ? null : comfortSounds.phrase;
  const prices = simulated === undefined ? config.prices : null;
  return (callSid, parties) => {
    const cost = new CallCost(prices, models, log.child({ callSid }));
    const waits = new CallWaits(audioPath);
    const observed = { callSid, parties, audioPath, cost };
    return {
      settings,
      audioPath,
      tools: browser.toolsOf(callSid, tools),
      served: servedCall(config, callSid, parties, name),
      first,
      fallback,
      account: callAccount(name, cost, waits),
      observers: [
        cost,
        waits,
        ...(logFolder === null ? [] : [new CallLog(logFolder, callSid, settings, ownFillerPhrase, log)]),
        ...monitoring.observe(callSid, { audioPath, models, prices }),
        ...(live === null ? [] : [live.observe(observed, waits)]),
        ...browser.observersOf(callSid),
        ...(observeCall === undefined ? [] : [observeCall(observed)]),
      ],
      ...(breakCall === undefined ? {} : { onEnter: breakCall(callSid) }),
    };
  };
}

function servedCall({ agent }: Config, callSid: string, parties: Parties, name: string): ServedCall {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return { callSid, ...parties, agent: name, languageTag: agent.languageTag, timeZone };
}

function callAccount(agent: string, cost: CallCost, waits: CallWaits): CallAccount {
  return {
    agent,
    figures: () => ({ ...cost.sum, waits: waits.figures }),
    waitedMs: (atMs) => waits.waitedMs(atMs),
  };
}

function callSettings(config: Config, tools: ReadonlyMap<string, Tool>): CallSettings {
  const { agent, gemini, transferDestinations, fallback, limits, patience } = config;
  return {
    greeting: agent.greeting,
    apology: agent.apology,
    destinations: Object.fromEntries(transferDestinations),
    fallback,
    callMsMax: limits.callSecondsMax * 1000,
    model: {
      first: behaviorOf(gemini.model, gemini.setup),
      fallback: gemini.fallbackModel === null ? null : behaviorOf(gemini.fallbackModel, gemini.setup),
    },
    sessionMsMax: gemini.sessionSecondsMax * 1000,
    patience,
    tools: termsOf(tools),
  };
}

function twilioAccess({ twilio: { accountSid, authToken, apiKey } }: Config): TwilioAccess | null {
  if (accountSid === null) return null;
  if (apiKey !== null) return { accountSid, username: apiKey.sid, password: apiKey.secret };
  return authToken === null ? null : { accountSid, username: accountSid, password: authToken };
}
