import { createHmac } from 'node:crypto';
import { isSameSecret } from './same-secret.ts';

/** Longer than any number of a stream, and than what is drawn for it. */
const partCharactersMax = 100;

/**
 * Signs what the streams of calls must bring, so that every process with the same keys can tell for which call and stream it was made. Whether
 * it was used already is not its business.
 */
export class StreamSigner {
  readonly #keys: readonly [string, ...string[]];

  /** The first key signs, and what any of them has signed is taken: keys change one process after the other. */
  constructor(keys: readonly [string, ...string[]]) {
    this.#keys = keys;
  }

  /** The token of a stream. `unique`: what is drawn for this one, safe in a URL. */
  sign(callSid: string, stream: number, unique: string): string {
    return `${stream}.${unique}.${signature(this.#keys[0], callSid, stream, unique)}`;
  }

  /** The number of the stream for which a token of this call was made; null when it was not made for this call by anybody with our keys. */
  streamOf(callSid: string, token: string): number | null {
    const [number = '', unique = '', given = '', ...more] = token.split('.', 4);
    const isOurs = /^[1-9]\d{0,5}$/.test(number) && unique.length <= partCharactersMax && more.length === 0;
    if (!isOurs) return null;
    const stream = Number(number);
    return this.#keys.some((key) => isSameSecret(given, signature(key, callSid, stream, unique))) ? stream : null;
  }
}

function signature(key: string, callSid: string, stream: number, unique: string): string {
  return createHmac('sha256', key).update(`parley stream ${callSid} ${stream} ${unique}`).digest('base64url');
}
