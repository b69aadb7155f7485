import type { Config } from '../config.ts';
import { buildInstruction } from '../config/instruction.ts';
import type { CallSettings } from '../core/call-settings.ts';
import type { CallDocument } from '../core/effects.ts';
import type { Tool } from '../tools/tool.ts';
import type { AgentSetup } from '../wire/gemini-setup.ts';
import { renderTwiml } from '../wire/twiml.ts';
import { CallHost, type CallObserver, type CallWorld } from './call-host.ts';
import { CallLog, prepareLogFolder } from './call-log.ts';
import { CallRegistry } from './call-registry.ts';
import { type ModelAccess, openModelSession } from './gemini-client.ts';
import { HttpServer } from './http-server.ts';
import type { Logger } from './logger.ts';
import { acceptMediaSocket } from './media-route.ts';
import { mulawCodec } from './mulaw-codec.ts';
import { paths } from './paths.ts';
import { createTelephony, type Telephony, type TwilioAccess } from './twilio-rest.ts';
import { isSignedUpgrade } from './twilio-signature.ts';
import { voiceWebhooks } from './voice-webhook.ts';

/** How long a transfer rings. Twilio adds about five seconds (TW-TWIML-3). */
const dialTimeoutSeconds = 30;

/** The longest a dialled call may last: Twilio's own limit (TW-TWIML-3). */
const dialTimeLimitSeconds = 14_400;

/** How long the last lines of the call logs may take to reach the disk. */
const logMsMax = 2_000;

/** What a service is made of, beside its configuration. */
export interface ServiceParts {
  readonly tools: ReadonlyMap<string, Tool>;
  readonly log: Logger;
  /** Where the model is, instead of what the configuration says: the simulated one. */
  readonly modelAccess?: ModelAccess;
  /** How calls are redirected by REST, instead of by what the configuration says. */
  readonly telephony?: Telephony;
  /** Sees every step of every call, as a call log does. */
  readonly observeCall?: (callSid: string) => CallObserver;
}

/** A running service. */
export interface Service {
  readonly port: number;
  readonly registry: CallRegistry;
  /** Takes no new calls, lets the live ones finish for at most this long, then stops. Resolves to how many were cut off. */
  stop(drainMsMax: number): Promise<number>;
}

/** Starts to answer calls. Throws `http.portTaken`. */
export async function startService(config: Config, parts: ServiceParts): Promise<Service> {
  const { log } = parts;
  const registry = new CallRegistry(config.limits.concurrentCallsMax);
  const settings = callSettings(config);
  let localUrl = '';
  const publicUrl = (): string => config.http.publicUrl ?? localUrl;
  // Twilio takes no other scheme (TW-TWIML-2), so a local address gets it as well.
  const streamUrl = (): string => publicUrl().replace(/^https?/, 'wss') + paths.media;
  const render = (document: CallDocument, streamToken = ''): string =>
    renderTwiml(document, {
      streamUrl: streamUrl(),
      streamToken,
      connectAction: publicUrl() + paths.streamEnded,
      dialAction: publicUrl() + paths.dialEnded,
      dialTimeoutSeconds,
      dialTimeLimitSeconds,
      sayLanguage: config.agent.languageTag,
    });
  const logFolder = config.recordDir === null ? null : prepareLogFolder(config.recordDir, log);
  const agent: AgentSetup = {
    model: config.gemini.model,
    instruction: buildInstruction(config.agent, [...parts.tools.keys()]),
    voice: config.agent.voice,
    tools: [...parts.tools.values()],
  };
  // A compatible server may do without a key, but the SDK does not.
  const { apiKey, baseUrl } = config.gemini;
  const access = parts.modelAccess ?? { apiKey: apiKey ?? 'none', baseUrl };
  const telephony = parts.telephony ?? createTelephony(twilioAccess(config), log);

  const openCall = (callSid: string): CallHost => {
    const world: CallWorld = {
      settings,
      codec: mulawCodec,
      tools: parts.tools,
      telephony,
      render,
      openModel: (onFact, callLogger) => openModelSession(access, agent, onFact, callLogger),
      observers: [
        ...(logFolder === null ? [] : [new CallLog(logFolder, callSid, settings, log)]),
        ...(parts.observeCall === undefined ? [] : [parts.observeCall(callSid)]),
      ],
      onEnd: () => registry.ended(callSid),
    };
    const host = new CallHost(callSid, world, log);
    registry.add(host);
    return host;
  };

  const { authToken } = config.twilio;
  const server = new HttpServer({
    webhooks: voiceWebhooks({ registry, settings, openCall, render, publicUrl, authToken, log }),
    onMediaSocket: (socket) => acceptMediaSocket(socket, registry, log),
    isUpgradeAllowed: (signature) => authToken === null || isSignedUpgrade(authToken, signature, streamUrl()),
    readiness: () => ({ ready: registry.hasRoom, liveCalls: registry.liveCount, draining: registry.isDraining }),
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
      const cutOff = await registry.drain(drainMsMax);
      await server.close();
      await logFolder?.settled(logMsMax);
      log.info({ cutOff }, 'stopped');
      return cutOff;
    },
  };
}

function callSettings({ agent, transferDestinations, fallbackDestination, limits }: Config): CallSettings {
  return {
    greeting: agent.greeting,
    apology: agent.apology,
    destinations: Object.fromEntries(transferDestinations),
    fallbackDestination,
    callMsMax: limits.callSecondsMax * 1000,
  };
}

function twilioAccess({ twilio: { accountSid, authToken, apiKey } }: Config): TwilioAccess | null {
  if (accountSid === null) return null;
  if (apiKey !== null) return { accountSid, username: apiKey.sid, password: apiKey.secret };
  return authToken === null ? null : { accountSid, username: accountSid, password: authToken };
}
