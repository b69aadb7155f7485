import type { Config } from '../config/config.ts';
import type { PhoneService } from '../host/phone-service.ts';
import { systemClock } from '../system/clock.ts';
import type { Logger } from '../system/logger.ts';
import { systemRandomness } from '../system/randomness.ts';
import { WebSocketEnd } from '../system/web-socket/web-socket.ts';
import { HttpServer } from '../twilio/edge/http-server.ts';
import { Identity } from '../twilio/edge/identity.ts';
import { isLocalRequest } from '../twilio/edge/local-request.ts';
import { refusedSignature } from '../twilio/edge/refused-signature.ts';
import { isSignedUpgrade } from '../twilio/edge/signature.ts';
import { webhookRoutes } from '../twilio/edge/webhook-routes.ts';
import { streamUrlOf } from '../twilio/paths.ts';
import { readiness } from './readiness.ts';

/**
 * A call has a media socket, and a webhook now and then. These connections come on top, because callers for whom there is no room must still
 * be told so.
 */
const connectionsExtra = 1_000;

/** What Twilio's door is made of, beside the configuration. */
export interface DoorMeans {
  readonly service: PhoneService;
  readonly publicUrl: () => string;
  /** With this, the process proves to be the one that is reached; it draws one unless given. */
  readonly secret: string | undefined;
  readonly log: Logger;
}

/** Where Twilio asks and opens its streams. Without an auth token, only this machine may. */
export function twilioDoor(
  { twilio, limits, http }: Config,
  { service, publicUrl, secret = systemRandomness.token(), log }: DoorMeans,
): HttpServer {
  const { signing: keys } = twilio;
  const isChecked = keys.authTokens.length > 0;
  const { registry, refusals } = service;
  const streamUrl = (instance: string | null): string => streamUrlOf(publicUrl(), instance);
  return new HttpServer({
    webhooks: webhookRoutes({ webhooks: service.webhooks, publicUrl, keys, refusals }),
    connectionsMax: 2 * limits.callsPerProcess + connectionsExtra,
    onMediaSocket: (socket, connection) => {
      const peer = isChecked ? null : (connection.remoteAddress ?? '');
      service.acceptSocket(new WebSocketEnd(socket, connection), peer);
    },
    isRequestAllowed: (headers) => isChecked || isLocalRequest(headers, http.publicUrl),
    isUpgradeAllowed: (headers, instance) => !isChecked || isSignedUpgrade(keys, headers, streamUrl(instance)),
    explainUpgrade: (headers, instance) => refusedSignature(keys, headers, streamUrl(instance), {}),
    isReady: readiness(registry, log),
    identity: new Identity(secret, systemClock),
    refusals,
    log,
  });
}
