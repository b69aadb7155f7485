import type { IncomingHttpHeaders } from 'node:http';
import webhooks from 'twilio/lib/webhooks/webhooks.js';

/** With what Twilio may have signed; of each kind a second one, while it is rotated (TW-SIGN-3, TW-SIGN-4). */
export interface SigningKeys {
  /** Without one, no signature is checked. */
  readonly authTokens: readonly string[];
  readonly webhookSecrets: readonly string[];
}

/** What a request says of its signature. */
export interface ClaimedSignature {
  readonly signature: string;
  /** The keys of ours that may have made it. */
  readonly secrets: readonly string[];
  /** As Twilio names it. */
  readonly algorithm: string;
}

/** Those of TW-SIGN-3. Twilio's package writes any other, which a stranger may have sent, to the console. */
const algorithms: ReadonlySet<string> = new Set([webhooks.HMAC_SHA1, webhooks.HMAC_SHA256]);

/**
 * What a request claims. One that names a shared key is never checked with an auth token, whatever else it names; null if it names an
 * algorithm that Twilio does not have.
 */
export function claimedSignature(keys: SigningKeys, headers: IncomingHttpHeaders): ClaimedSignature | null {
  const signature = headerText(headers['x-twilio-signature']) ?? '';
  const settings = headerText(headers['x-twilio-webhooks-signature-settings']);
  if (settings === null) return { signature, secrets: keys.authTokens, algorithm: webhooks.HMAC_SHA1 };
  const algorithm = webhooks.getSignatureAlgorithm(settings);
  return algorithms.has(algorithm) ? { signature, secrets: keys.webhookSecrets, algorithm } : null;
}

/**
 * The signature of a webhook (TW-SIGN-1). `url` is the address that Twilio called, as Twilio wrote it. Address and fields are signed as one
 * text without seams, so a field whose name begins like a query may be a part of the address that somebody has moved. Twilio's begin with a
 * letter.
 */
export function isSignedWebhook(
  keys: SigningKeys,
  headers: IncomingHttpHeaders,
  url: string,
  params: unknown,
): boolean {
  const fields: Record<string, unknown> = Object(params);
  const hasTwiliosNames = Object.keys(fields).every((name) => /^[a-z]/i.test(name));
  return hasTwiliosNames && isSigned(keys, headers, [url], fields);
}

/** The signature of a WebSocket upgrade: over the `wss:` address, which some deployments sign with a slash or a port (TW-SIGN-2). */
export function isSignedUpgrade(keys: SigningKeys, headers: IncomingHttpHeaders, url: string): boolean {
  const { protocol, hostname, port, pathname } = new URL(url);
  const withPort = `${protocol}//${hostname}:${port === '' ? '443' : port}${pathname}`;
  return isSigned(keys, headers, [url, `${url}/`, withPort], {});
}

function isSigned(
  keys: SigningKeys,
  headers: IncomingHttpHeaders,
  urls: readonly string[],
  fields: Record<string, unknown>,
): boolean {
  const claim = claimedSignature(keys, headers);
  if (claim === null) return false;
  const { signature, secrets, algorithm } = claim;
  return secrets.some((secret) =>
    urls.some((url) => webhooks.validateRequest(secret, signature, url, fields, algorithm)),
  );
}

/** A header that came once, or more often and was joined; null if it did not come. */
export function headerText(header: string | readonly string[] | undefined): string | null {
  return typeof header === 'string' ? header : null;
}

/** Twilio's signature of a webhook with these fields, or of an upgrade without any (TW-SIGN-1, TW-SIGN-2). */
export function signAsTwilio(authToken: string, url: string, fields: Readonly<Record<string, string>>): string {
  return webhooks.getExpectedTwilioSignature(authToken, url, fields);
}
