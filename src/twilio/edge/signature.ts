import webhooks from 'twilio/lib/webhooks/webhooks.js';

/**
 * The signature of a webhook (TW-SIGN-1). `url` is the address that Twilio called, as Twilio wrote it. Address and fields are signed as one
 * text without seams, so a field whose name begins like a query may be a part of the address that somebody has moved. Twilio's begin with a
 * letter.
 */
export function isSignedWebhook(authToken: string, signature: string, url: string, params: unknown): boolean {
  const fields: Record<string, unknown> = Object(params);
  const hasTwiliosNames = Object.keys(fields).every((name) => /^[a-z]/i.test(name));
  return hasTwiliosNames && webhooks.validateRequest(authToken, signature, url, fields);
}

/** The signature of a WebSocket upgrade: over the `wss:` address, which some deployments sign with a slash or a port (TW-SIGN-2). */
export function isSignedUpgrade(authToken: string, signature: string, url: string): boolean {
  const { protocol, hostname, port, pathname } = new URL(url);
  const withPort = `${protocol}//${hostname}:${port === '' ? '443' : port}${pathname}`;
  return [url, `${url}/`, withPort].some((variant) => webhooks.validateRequest(authToken, signature, variant, {}));
}

/** Twilio's signature of a webhook with these fields, or of an upgrade without any (TW-SIGN-1, TW-SIGN-2). */
export function signAsTwilio(authToken: string, url: string, fields: Readonly<Record<string, string>>): string {
  return webhooks.getExpectedTwilioSignature(authToken, url, fields);
}
