import { filteredAudioPath } from '../audio/audio-path.ts';
import type { Config } from '../config/config.ts';
import type { CallSettings } from '../call/call-settings.ts';
import type { CallDocument } from '../call/effects.ts';
import type { Tool } from '../tools/tool.ts';
import { modelRules } from '../gemini/gemini-models.ts';
import { askAgain, renderTwiml } from '../twilio/twiml.ts';
import { agentSetup } from './agent-setup.ts';
import { CallDesk, type UnrecordedWorld } from './call-desk.ts';
import type { CallObserver } from './call-host.ts';
import { CallCost } from './call-cost.ts';
import { CallLog, prepareLogFolder } from '../calllog/call-log.ts';
import { CallRegistry } from './call-registry.ts';
import { serviceCoverSounds, shippedCoverSounds } from '../sounds/cover-sounds.ts';
import { type ModelAccess, modelAccess } from '../gemini/edge/gemini-access.ts';
import { openModelSession } from '../gemini/gemini-client.ts';
import { HttpServer } from '../twilio/edge/http-server.ts';
import { Journal } from '../store/journal.ts';
import { keepJournal } from '../store/journal-keeper.ts';
import type { Logger } from './logger.ts';
import { acceptMediaSocket } from '../twilio/media-route.ts';
import { mulawCodec } from '../sounds/mulaw-codec.ts';
import { paths } from '../twilio/paths.ts';
import { createTelephony, type Telephony, type TwilioAccess } from '../twilio/edge/twilio-rest.ts';
import { isSignedUpgrade } from '../twilio/edge/twilio-signature.ts';
import { voiceWebhooks } from '../twilio/edge/voice-webhook.ts';

/** How long a transfer rings. Twilio adds about five seconds (TW-TWIML-3). */
const dialTimeoutSeconds = 30;

/** The longest a dialled call may last: Twilio's own limit (TW-TWIML-3). */
const dialTimeLimitSeconds = 14_400;

/** The silence that ends a message: long enough to think of a number. */
const recordSilenceSeconds = 5;

/** How long the last lines of the call logs may take to reach the disk. */
const logMsMax = 2_000;

/** The same for the journal. */
const journalMsMax = 2_000;

/** What a service is made of, beside its configuration. */
export interface ServiceParts {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly log: Logger;
  /** Where the model is, instead of what the configuration says: the simulated one. */
  readonly modelAccess?: ModelAccess;
  /** How calls are redirected by REST, instead of by what the configuration says. */
  readonly telephony?: Telephony;
  /** Where calls are kept for another process to go on with; none unless given. It is closed with the service. */
  readonly journal?: Journal;
  /** Sees every step of every call, as a call log does. */
  readonly observeCall?: (callSid: string) => CallObserver;
}

/** A running service. */
export interface Service {
  readonly port: number;
  readonly registry: CallRegistry;
  /**
   * Takes no new calls, lets the live ones finish for at most this long, leaves the rest to the next process or sends it to the
   * fallback (DRAIN_TO), then stops. Resolves to how many were cut off.
   */
  stop(drainMsMax: number): Promise<number>;
}

/** Starts to answer calls. Throws `http.portTaken`, and `config.invalid` for a covering line that cannot be played. */
export async function startService(config: Config, parts: ServiceParts): Promise<Service> {
  const { log } = parts;
  const registry = new CallRegistry(config.limits.concurrentCallsMax);
  const settings = callSettings(config);
  let localUrl = '';
  const publicUrl = (): string => config.http.publicUrl ?? localUrl;
  // Twilio takes no other scheme (TW-TWIML-2), so a local address gets it as well.
  const streamUrl = (): string => publicUrl().replace(/^https?/, 'wss') + paths.media;
  const connectAction = (): string => publicUrl() + paths.streamEnded;
  const render = (document: CallDocument, streamToken = ''): string =>
    renderTwiml(document, {
      streamUrl: streamUrl(),
      streamToken,
      connectAction: connectAction(),
      dialAction: publicUrl() + paths.dialEnded,
      recordAction: publicUrl() + paths.voicemailEnded,
      recordingCallback: publicUrl() + paths.recording,
      dialTimeoutSeconds,
      dialTimeLimitSeconds,
      recordSilenceSeconds,
      sayLanguage: config.agent.languageTag,
    });
  const logFolder = config.recordDir === null ? null : prepareLogFolder(config.recordDir, log);
  const agent = agentSetup(config, parts.tools);
  const fallbackAgent = { ...agent, model: config.gemini.fallbackModel ?? agent.model };
  const models = { first: agent.model, fallback: fallbackAgent.model };
  const access = parts.modelAccess ?? modelAccess(config);
  const telephony = parts.telephony ?? createTelephony(twilioAccess(config), log);

  const coverSounds = serviceCoverSounds(config.agent, log);
  const audioPath = filteredAudioPath(mulawCodec, coverSounds);
  const ownCoverLine = coverSounds.line === shippedCoverSounds.line ? null : coverSounds.line;

  const makeWorld = (callSid: string): UnrecordedWorld => ({
    settings,
    audioPath,
    tools: parts.tools,
    telephony,
    render,
    openModel: ({ handle, account, fallback }, after, onFact, callLogger) => {
      const order = { handle, account, after };
      return openModelSession(access, fallback ? fallbackAgent : agent, order, onFact, callLogger);
    },
    observers: [
      new CallCost(parts.modelAccess === undefined ? config.prices : null, models, log.child({ callSid })),
      ...(logFolder === null ? [] : [new CallLog(logFolder, callSid, settings, ownCoverLine, log)]),
      ...(parts.observeCall === undefined ? [] : [parts.observeCall(callSid)]),
    ],
    onEnd: (host) => registry.ended(host),
  });
  const journal = parts.journal ?? new Journal({ file: null, log });
  const stopKeeping = keepJournal(journal, config.journal.keepDays, log);
  const desk = new CallDesk({ registry, journal, models, makeWorld, log });

  const canRelease = (): boolean => config.limits.drainTo === 'restart' && journal.state.kind === 'open';
  const askNext = (stream: number | null): string => askAgain(connectAction(), stream);

  const { authToken } = config.twilio;
  const server = new HttpServer({
    webhooks: voiceWebhooks({ registry, settings, desk, render, askNext, publicUrl, authToken, log }),
    onMediaSocket: (socket) => acceptMediaSocket(socket, registry, log),
    isUpgradeAllowed: (signature) => authToken === null || isSignedUpgrade(authToken, signature, streamUrl()),
    readiness: () => ({
      ready: registry.hasRoom,
      liveCalls: registry.liveCount,
      draining: registry.isDraining,
      journal: journal.state,
    }),
    log,
  });
  const port = await server.listen(config.http.port, config.http.host);
  const { host } = config.http;
  localUrl = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  log.info({ host: config.http.host, port, voiceWebhook: publicUrl() + paths.voice }, 'listening');

  return {
    port,
    registry,
    async stop(drainMsMax) {
      log.info({ liveCalls: registry.liveCount, drainMsMax }, 'draining');
      const cutOff = await registry.drain(drainMsMax, canRelease);
      await server.close();
      await logFolder?.settled(logMsMax);
      stopKeeping();
      await journal.close(journalMsMax);
      log.info({ cutOff }, 'stopped');
      return cutOff;
    },
  };
}

function callSettings({ agent, gemini, transferDestinations, fallback, limits, patience }: Config): CallSettings {
  return {
    greeting: agent.greeting,
    apology: agent.apology,
    destinations: Object.fromEntries(transferDestinations),
    fallback,
    callMsMax: limits.callSecondsMax * 1000,
    model: {
      first: modelRules(gemini.model).manners,
      fallback: gemini.fallbackModel === null ? null : modelRules(gemini.fallbackModel).manners,
    },
    sessionMsMax: gemini.sessionSecondsMax * 1000,
    patience,
  };
}

function twilioAccess({ twilio: { accountSid, authToken, apiKey } }: Config): TwilioAccess | null {
  if (accountSid === null) return null;
  if (apiKey !== null) return { accountSid, username: apiKey.sid, password: apiKey.secret };
  return authToken === null ? null : { accountSid, username: accountSid, password: authToken };
}
