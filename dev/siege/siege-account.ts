import webhooks from 'twilio/lib/webhooks/webhooks.js';
import { paths } from '../../src/twilio/paths.ts';
import type { Route } from '../../src/sim/carrier/hosts/twilio-wire.ts';

/** The service's address as Twilio knows it. */
export const siegeOrigin = 'https://parley.example';

/** What signs for Twilio, and what opens the model. Nobody who attacks from outside knows them. */
export const siegeToken = 'siege-auth-token-7d20';
export const siegeKey = 'siege-gemini-key-83bc';

export const siegeAccountSid = `AC${'5'.repeat(32)}`;

/** The media socket as Twilio knows it. */
export const mediaUrl = siegeOrigin.replace('https', 'wss') + paths.media;

/** How Twilio reaches the service on a port of this machine. */
export function routeTo(port: number): Route {
  return { publicOrigin: siegeOrigin, target: `http://127.0.0.1:${port}`, authToken: siegeToken };
}

/** What Twilio would sign a request with. */
export function signatureOf(url: string, fields: Readonly<Record<string, string>> = {}): string {
  return webhooks.getExpectedTwilioSignature(siegeToken, url, fields);
}
