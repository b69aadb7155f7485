import { z } from 'zod';
import { nearestName } from './misspelt.ts';
import { readCountry } from './destinations/phone-numbers.ts';

// Each message is the rest of a sentence that begins with the variable's name.

/** Longer values are cut in messages, so that each problem stays one line. */
const quotedCharactersMax = 40;

function quoted(text: unknown): string {
  const shown = String(text);
  return JSON.stringify(shown.length > quotedCharactersMax ? `${shown.slice(0, quotedCharactersMax)}…` : shown);
}

/** Text of a certain form. A value that does not fit is shown, so this is not for secrets, telephone numbers or addresses. */
export function textThat(fits: (text: string) => boolean, wants: string) {
  return z.string().refine(fits, { error: ({ input }) => `is ${quoted(input)}; it wants ${wants}.` });
}

/** Text of a certain form that no message may show. */
function privateTextThat(fits: (text: string) => boolean, wants: string) {
  return z.string().refine(fits, { error: `has the wrong form; it wants ${wants}.` });
}

export function textUpTo(charactersMax: number) {
  return z.string().max(charactersMax, { error: `is too long; it wants at most ${charactersMax} characters.` });
}

export function oneOf<const Choice extends string>(choices: readonly Choice[]) {
  return z.enum(choices, {
    error: ({ input }) => {
      const meant = meantOf(String(input), choices);
      return `is ${quoted(input)}; it wants one of ${choices.join(', ')}${meant === null ? '.' : `; did you mean ${meant}?`}`;
    },
  });
}

/** Whoever writes a name in other letters means it. */
function meantOf(written: string, choices: readonly string[]): string | null {
  const word = written.toLowerCase();
  return choices.find((choice) => choice.toLowerCase() === word) ?? nearestName(written, choices);
}

export const yesOrNo = oneOf(['true', 'false']);

export function wholeNumber(min: number, max: number) {
  return textThat(
    (text) => /^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max,
    `a whole number from ${min} to ${max}`,
  ).transform(Number);
}

/** A number such as `0.7` or `-1`. */
export function decimal(min: number, max: number) {
  return textThat(
    (text) => /^-?\d{1,3}(?:\.\d{1,6})?$/.test(text) && Number(text) >= min && Number(text) <= max,
    `a number from ${min} to ${max}`,
  ).transform(Number);
}

/** What is sent in headers and addresses: an invisible or typographic character comes from copying. */
export const token = privateTextThat(
  (text) => /^[\x21-\x7e]+$/.test(text),
  'one word without spaces, of plain letters, digits and signs',
);

/** Where a server listens. */
export const listenHost = textThat((text) => /^[\w.:-]+$/.test(text), 'an IP address or a host name');

/** What one of several processes is called in addresses. */
export const instanceName = textThat(
  (text) => /^[a-z][a-z0-9-]{0,31}$/.test(text),
  'a name of at most 32 small letters, digits and dashes that begins with a letter, such as a or voice-2',
);

/** A whole number, or null for "off". */
export function wholeNumberOrOff(min: number, max: number) {
  return textThat(
    (text) => isOff(text) || (/^\d{1,9}$/.test(text) && Number(text) >= min && Number(text) <= max),
    `a whole number from ${min} to ${max}, or off`,
  ).transform((text) => (isOff(text) ? null : Number(text)));
}

/** A port number, or null for "off". */
export const portOrOff = wholeNumberOrOff(0, 65_535);

/** Long enough that nobody finds it by trying. */
const adminTokenCharactersMin = 16;

/** What an operator logs in with. */
export const adminToken = token.min(adminTokenCharactersMin, {
  error: `is too short; it wants at least ${adminTokenCharactersMin} characters.`,
});

/** Whether a part of Parley is not wanted. Nobody who writes "OFF" means something of that name. */
export function isOff(text: string): boolean {
  return text.toLowerCase() === 'off';
}

/** A file or folder. Only a shell knows "~". */
export const filePath = textThat(
  (text) => !text.startsWith('~') && !/\p{Cc}/u.test(text),
  'a path without "~" at its beginning and without line breaks',
);

/** Hosts, each with its port or without one. */
export const hostList = z
  .string()
  .transform((text) => text.split(',').map((host) => host.trim()))
  .refine((hosts) => hosts.every((host) => /^(?:[\w.-]+|\[[\da-f:]+\])(?::\d{1,5})?$/i.test(host)), {
    error: 'has a wrong entry; it wants hosts such as erp.internal or localhost:9000, with commas between them.',
  });

export function sid(prefix: 'AC' | 'SK') {
  return privateTextThat(
    (text) => new RegExp(`^${prefix}[0-9a-f]{32}$`).test(text),
    `${prefix} and 32 hexadecimal digits`,
  );
}

/** Where a database of PostgreSQL is. A socket on this machine has its host behind the question mark. */
export const databaseUrl = privateTextThat((text) => {
  const { protocol, pathname } = URL.parse(text) ?? {};
  return (protocol === 'postgres:' || protocol === 'postgresql:') && /^\/[^/]+$/.test(pathname ?? '');
}, 'an address such as postgres://user:password@host/database, with characters such as @, / and # of a password written as %40, %2F and %23');

/** A country by its code, in which numbers may be written as at home. */
export const country = z.string().transform((text, context) => {
  const code = readCountry(text);
  if (code !== null) return code;
  context.addIssue(`is ${quoted(text)}; it wants the two letters of a country, such as AT.`);
  return z.NEVER;
});

/**
 * A language: its English name for the model, and its tag for Twilio's voice. `de-AT` is "Austrian German"; a name stays as it is and has
 * no tag.
 */
export const language = z.string().transform((text, context): { name: string; tag: string | null } => {
  const isTag = /^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(text);
  if (isTag) {
    const name = languageName(text);
    if (name !== null) return { name, tag: text };
  } else if (/^\p{L}[\p{L} ()-]{3,39}$/u.test(text)) return { name: text, tag: null };
  context.addIssue(`is ${quoted(text)}; it wants the name of a language or its tag, such as German or de-AT.`);
  return z.NEVER;
});

/** The English name of a tag's language; null for a tag that names none. */
function languageName(tag: string): string | null {
  try {
    return new Intl.DisplayNames('en', { type: 'language', fallback: 'none' }).of(tag) ?? null;
  } catch {
    // What has the letters of a tag but not its grammar, such as "zh-tw-hant".
    return null;
  }
}

/** The address under which Twilio reaches Parley: scheme, host and port, without a slash at the end. */
export const publicUrl = z.string().transform((text, context) => {
  const wants = 'it wants https://, a host, and nothing behind it, such as https://voice.example.com.';
  const problem = addressProblem(text);
  if (problem !== null) context.addIssue(`${problem}; ${wants}`);
  else if (new URL(text).pathname !== '/') context.addIssue(`holds a path; ${wants}`);
  else if (isPublic(text) && !text.toLowerCase().startsWith('https:'))
    context.addIssue(`is public but not encrypted; ${wants}`);
  else return new URL(text).origin;
  return z.NEVER;
});

/** Where processes of one network find the pages of another one. */
export const pagesUrl = z.string().transform((text, context) => {
  const wants = 'it wants http:// or https://, a host, and nothing behind it, such as http://10.0.0.7:8081.';
  const problem = addressProblem(text);
  if (problem !== null) context.addIssue(`${problem}; ${wants}`);
  else if (new URL(text).pathname !== '/') context.addIssue(`holds a path; ${wants}`);
  else return new URL(text).origin;
  return z.NEVER;
});

/** The address of a server that speaks Gemini's protocol, without a slash at the end. */
export const baseUrl = z.string().transform((text, context) => {
  const problem = addressProblem(text);
  if (problem === null) return text.replace(/\/+$/, '');
  context.addIssue(`${problem}; it wants https:// or http:// and a host, such as http://127.0.0.1:9000.`);
  return z.NEVER;
});

/** Whether the text is a web address that other machines can reach. */
export function isPublic(text: string): boolean {
  const url = URL.parse(text);
  const isLoopback = /^(localhost|.*\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/;
  return url !== null && /^https?:$/.test(url.protocol) && !isLoopback.test(url.hostname);
}

function addressProblem(text: string): string | null {
  const url = URL.parse(text);
  if (!/^https?:\/\//i.test(text)) return 'does not start with https:// or http://';
  if (url === null) return 'is not an address';
  if (url.username !== '' || url.password !== '') return 'holds a user name or a password';
  if (/\s/.test(text)) return 'holds a space or a line break';
  if (/[?#]/.test(text)) return 'holds a query or a fragment';
  return null;
}
