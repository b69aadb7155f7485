import type { IncomingHttpHeaders } from 'node:http';
import webhooks from 'twilio/lib/webhooks/webhooks.js';
import { claimedSignature, type SigningKeys, headerText } from './signature.ts';

/** What is wrong with a signature, as far as it can be told. */
export interface RefusedSignature {
  /**
   * The part in which the signed address differs from ours. `signature`: there is none. `algorithm` and `secret`: it was made in a way, or
   * with a kind of key, that we do not have. `unknown`: none of these; the key, the fields, or the sender.
   */
  readonly differs: 'scheme' | 'slash' | 'port' | 'host' | 'signature' | 'algorithm' | 'secret' | 'unknown';
  /** The address that is signed, without its query: only where the signature proves that Twilio wrote it. */
  readonly signedUrl?: string;
}

/** A name of a host with or without a port, as far as one can be signed. */
const hostForm = /^[\w.-]{1,253}(?::\d{1,5})?$/;

/**
 * Says why the signature of a request was refused: it is compared with those of three other addresses that are easily mistaken for `url`,
 * ours. This costs six hashes at most. `params`: the fields of the form, none for an upgrade.
 */
export function refusedSignature(
  keys: SigningKeys,
  headers: IncomingHttpHeaders,
  url: string,
  params: unknown,
): RefusedSignature {
  const claim = claimedSignature(keys, headers);
  if (claim === null) return { differs: 'algorithm' };
  const { signature, secrets, algorithm } = claim;
  if (signature === '') return { differs: 'signature' };
  if (secrets.length === 0) return { differs: 'secret' };
  const fields: Record<string, unknown> = Object(params);
  for (const [differs, signedUrl] of similarUrls(url, headers)) {
    const fits = secrets.some(
      (secret) => webhooks.getExpectedTwilioSignature(secret, signedUrl, fields, algorithm) === signature,
    );
    if (fits) return { differs, signedUrl: signedUrl.replace(/\?.*/s, '') };
  }
  return { differs: 'unknown' };
}

/** What Twilio may have called instead of `url`, and in which part it differs. */
function similarUrls(url: string, headers: IncomingHttpHeaders): (readonly [RefusedSignature['differs'], string])[] {
  const [, scheme = '', host = '', path = '', query = ''] = /^(\w+):\/\/([^/?]*)([^?]*)(.*)$/s.exec(url) ?? [];
  const otherScheme = scheme === 'https' ? 'http' : 'https';
  const otherPath = path.endsWith('/') ? path.slice(0, -1) : `${path}/`;
  const similar = [
    ['scheme', `${otherScheme}://${host}${path}${query}`],
    ['slash', `${scheme}://${host}${otherPath}${query}`],
  ] as const;
  // Behind a proxy, the name that was called may stand in a header of its own.
  const called = headerText(headers['x-forwarded-host']) ?? headers.host ?? '';
  if (called === host || !hostForm.test(called)) return [...similar];
  const isSameName = called.replace(/:.*/, '') === host.replace(/:.*/, '');
  return [...similar, [isSameName ? 'port' : 'host', `${scheme}://${called}${path}${query}`]];
}
