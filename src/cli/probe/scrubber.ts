import type { Config } from '../../config/config.ts';
import { isJsonObject } from '../../encoding/json.ts';

/** What a person may have in a file that is committed: nothing that opens a door, and no way to whose door it is. */
export interface Secrets {
  /** Texts that must not stand anywhere: keys and projects. */
  readonly texts: readonly string[];
}

/** Longer texts without a space are no words but signatures, handles or sound. */
const wordCharsMax = 200;

const patterns: readonly (readonly [RegExp, string])[] = [
  [/\bAIza[\w-]{10,}|\bAQ\.[\w.-]{10,}|\bya29\.[\w.-]+|\bauth_tokens\/[\w-]+/g, '[key]'],
  [/\bprojects\/[^/\s"']+/g, 'projects/[project]'],
  [/\bproject(?: number)?[ :=#]+\d{6,}/gi, 'project [project]'],
  [/\b(?:wss?|https?):\/\/\S+/gi, '[address]'],
  [/[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g, '[address]'],
  [/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b/g, '[address]'],
  [/(?<![\w:])(?:[\da-f]{1,4}:){4,7}[\da-f]{0,4}(?![\w:])/gi, '[address]'],
  [/\b\d{9,}\b/g, '[number]'],
];

/** Members that hold a handle or the name of a session. */
const namesOfSessions = new Set(['handle', 'newHandle', 'sessionId']);

/**
 * Takes out of JSON and texts what must not be published: keys, addresses, projects, handles and sound. The same handle gets the same
 * stand-in everywhere, so that the frames of one probe still belong together.
 */
export class Scrubber {
  readonly #secrets: readonly string[];
  readonly #handles = new Map<string, string>();

  constructor({ texts }: Secrets) {
    this.#secrets = texts.filter((text) => text !== '').toSorted((a, b) => b.length - a.length);
  }

  text(text: string): string {
    let clean = text;
    for (const secret of this.#secrets) clean = clean.replaceAll(secret, '[secret]');
    for (const [handle, standIn] of this.#handles) clean = clean.replaceAll(handle, standIn);
    for (const [pattern, standIn] of patterns) clean = clean.replaceAll(pattern, standIn);
    return clean;
  }

  json(value: unknown): unknown {
    if (typeof value === 'string') return this.#string(value);
    if (Array.isArray(value)) return value.map((item) => this.json(item));
    if (!isJsonObject(value)) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, member]) => [this.text(key), this.#member(key, member)]),
    );
  }

  #member(key: string, value: unknown): unknown {
    if (typeof value === 'string' && namesOfSessions.has(key)) return this.#handle(value);
    return this.json(value);
  }

  #string(text: string): string {
    if (text.length > wordCharsMax && !text.includes(' ')) return `[${text.length} characters]`;
    return this.text(text);
  }

  #handle(handle: string): string {
    if (handle === '') return '';
    const standIn = this.#handles.get(handle) ?? `handle-${this.#handles.size + 1}`;
    this.#handles.set(handle, standIn);
    return standIn;
  }
}

/** What of the settings must not stand anywhere, wherever the service may repeat it: keys, accounts, and whom callers are connected with. */
export function secretsOf({
  gemini: { apiKey, vertex },
  twilio,
  transferDestinations,
  fallback,
}: Pick<Config, 'gemini' | 'twilio' | 'transferDestinations' | 'fallback'>): Secrets {
  const targets = [...transferDestinations.values()].flatMap((destination) => destination.targets);
  const texts = [
    apiKey,
    vertex?.project,
    vertex?.credentialsFile,
    twilio.accountSid,
    twilio.apiKey?.sid,
    twilio.apiKey?.secret,
    ...twilio.signing.authTokens,
    ...twilio.signing.webhookSecrets,
    fallback.number,
    ...targets.flatMap(({ address, callerId }) => [address, callerId]),
  ];
  return { texts: texts.filter((text) => typeof text === 'string') };
}
