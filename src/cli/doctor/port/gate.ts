import { randomBytes } from 'node:crypto';
import type { Config } from '../../../config/config.ts';
import { systemClock } from '../../../system/clock.ts';
import { createLogger } from '../../../system/logger.ts';
import { systemRandomness } from '../../../system/randomness.ts';
import { Refusals } from '../../../system/refusals.ts';
import { HttpServer } from '../../../twilio/edge/http-server.ts';
import { Identity, identityPath } from '../../../twilio/edge/identity.ts';
import { isLocalRequest } from '../../../twilio/edge/local-request.ts';
import { hostFromHere } from '../../../system/listening-place.ts';
import { isSignedUpgrade } from '../../../twilio/edge/signature.ts';
import { webhookRoutes } from '../../../twilio/edge/webhook-routes.ts';
import { paths } from '../../../twilio/paths.ts';
import { ask } from '../network.ts';

/** What listens where Parley listens: a Parley that runs, the doctor in its place, or something else. */
type Listener = 'parley' | 'doctor' | 'stranger';

/** The doctor's own requests, and some of strangers. */
const connectionsMax = 50;

/**
 * The door behind PUBLIC_URL. When no service runs, the doctor listens in its place: it checks signatures as the service does, and answers
 * no call.
 */
export class Gate {
  readonly #config: Config;
  #server: HttpServer | null = null;

  constructor(config: Config) {
    this.#config = config;
  }

  /** Finds out who listens there, and listens if nobody does. Throws `http.portTaken` for an address that cannot be had. */
  async open(): Promise<Listener> {
    const answer = await this.answer(newNonce());
    if (answer !== null) return answer === '' ? 'stranger' : 'parley';
    const { port, host } = this.#config.http;
    this.#server = this.#makeServer();
    await this.#server.listen(port, host);
    return 'doctor';
  }

  /** What the process behind the door answers to a nonce: null when nobody listens there, and empty when it is no Parley. */
  async answer(nonce: string): Promise<string | null> {
    const { port, host } = this.#config.http;
    const answer = await ask(`http://${hostFromHere(host)}:${port}${identityPath}?nonce=${nonce}`);
    if ('failure' in answer) return answer.failure === 'ECONNREFUSED' ? null : '';
    const text = answer.text.trim();
    return answer.status === 200 && /^[\w-]{43}$/.test(text) ? text : '';
  }

  async close(): Promise<void> {
    await this.#server?.close();
  }

  #makeServer(): HttpServer {
    const { http, twilio } = this.#config;
    const { signing: keys } = twilio;
    const isChecked = keys.authTokens.length > 0;
    const publicUrl = http.publicUrl ?? '';
    const log = createLogger('silent');
    const refusals = new Refusals(systemClock, log);
    return new HttpServer({
      webhooks: webhookRoutes({
        webhooks: { take: (_request, answer) => answer({ status: 204 }) },
        publicUrl: () => publicUrl,
        keys,
        refusals,
      }),
      connectionsMax,
      onMediaSocket: (socket) => socket.close(1001),
      isRequestAllowed: (headers) => isChecked || isLocalRequest(headers, http.publicUrl),
      isUpgradeAllowed: (headers) =>
        !isChecked || isSignedUpgrade(keys, headers, publicUrl.replace('http', 'ws') + paths.media),
      // Nobody reads the log of the doctor's door.
      explainUpgrade: () => ({}),
      isReady: () => false,
      identity: new Identity(systemRandomness.token(), systemClock),
      refusals,
      log,
    });
  }
}

/** A nonce that nobody has seen before. */
export function newNonce(): string {
  return randomBytes(24).toString('base64url');
}
