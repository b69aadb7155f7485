import type { z } from 'zod';
import type { environment } from './environment.ts';
import { isOff, isPublic } from './parsers.ts';

type Name = keyof typeof environment.shape;
type Values = z.output<typeof environment>;

/** Of each pair, the first is worth nothing without the second. */
const signingPairs = [
  ['TWILIO_SECONDARY_AUTH_TOKEN', 'TWILIO_AUTH_TOKEN'],
  ['TWILIO_WEBHOOK_SECRET', 'TWILIO_AUTH_TOKEN'],
  ['TWILIO_SECONDARY_WEBHOOK_SECRET', 'TWILIO_WEBHOOK_SECRET'],
] as const;

/** Of each pair, only one can be what it says. */
const rivals = [
  ['AGENT_PROMPT', 'AGENT_PROMPT_FILE', 'be the prompt'],
  ['HOLIDAYS', 'HOLIDAYS_FILE', 'name the days'],
  ['TRANSFER_DESTINATIONS', 'TRANSFER_DESTINATIONS_FILE', 'name the destinations'],
] as const;

/** What is wrong although each variable alone is right. It looks at the texts, so it speaks even if some are wrong. */
export function combinationProblems(given: ReadonlyMap<string, string>): string[] {
  const has = (name: Name): boolean => given.has(name);
  const problems: string[] = [];
  const isReachable = isPublic(given.get('PUBLIC_URL') ?? '');
  const usesVertex = given.get('GOOGLE_GENAI_USE_VERTEXAI') === 'true';
  if (isReachable && !has('GEMINI_API_KEY') && !has('GEMINI_BASE_URL') && !usesVertex) {
    problems.push('GEMINI_API_KEY is missing; a public PUBLIC_URL wants it, or callers would talk to a simulation.');
  }
  if (usesVertex && has('GEMINI_API_KEY')) {
    problems.push(
      'GEMINI_API_KEY and GOOGLE_GENAI_USE_VERTEXAI are both set; only one of them can be the way to the model.',
    );
  }
  if (isReachable && !has('TWILIO_AUTH_TOKEN')) {
    problems.push('TWILIO_AUTH_TOKEN is missing; a public PUBLIC_URL wants it, or anybody could pose as Twilio.');
  }
  if (has('TWILIO_AUTH_TOKEN') && !has('PUBLIC_URL')) {
    problems.push(
      'PUBLIC_URL is missing; TWILIO_AUTH_TOKEN signs the address that Twilio calls, so Parley must know it.',
    );
  }
  for (const [more, first] of signingPairs) {
    if (has(more) && !has(first)) problems.push(`${first} is missing; ${more} alone has no signature checked.`);
  }
  if (has('TWILIO_API_KEY_SID') !== has('TWILIO_API_KEY_SECRET')) {
    const missing = has('TWILIO_API_KEY_SID') ? 'TWILIO_API_KEY_SECRET' : 'TWILIO_API_KEY_SID';
    problems.push(`${missing} is missing; TWILIO_API_KEY_SID and TWILIO_API_KEY_SECRET come together.`);
  }
  if ((has('TWILIO_API_KEY_SID') || has('TWILIO_API_KEY_SECRET')) && !has('TWILIO_ACCOUNT_SID')) {
    problems.push('TWILIO_ACCOUNT_SID is missing; an API key wants the account that it belongs to.');
  }
  for (const [one, other, what] of rivals) {
    if (has(one) && has(other)) problems.push(`${one} and ${other} are both set; only one of them can ${what}.`);
  }
  // Agents of a file may declare names of their own.
  if (has('CONTEXT_WEBHOOK') && !has('CONTEXT_DEFAULTS') && !has('AGENTS_FILE')) {
    problems.push(
      'CONTEXT_DEFAULTS is missing; CONTEXT_WEBHOOK fills only the names that it declares, such as customer=our customer.',
    );
  }
  if (has('CONTEXT_WEBHOOK_SECRET') && !has('CONTEXT_WEBHOOK')) {
    problems.push('CONTEXT_WEBHOOK is missing; CONTEXT_WEBHOOK_SECRET alone signs nothing.');
  }
  for (const name of ['BARGE_IN_MS', 'BARGE_IN_HOLD_MS'] as const) {
    if (given.get('BARGE_IN') === 'off' && has(name)) {
      problems.push(`BARGE_IN is off and ${name} is set; that would change nothing, so use one of them.`);
    }
  }
  if (given.get('DRAIN_TO') === 'restart' && isOff(given.get('JOURNAL_FILE') ?? '') && !has('DATABASE_URL')) {
    problems.push(
      'DRAIN_TO is restart and JOURNAL_FILE is off; the next process learns of the calls from the journal, so use a file, DATABASE_URL, or DRAIN_TO=fallback.',
    );
  }
  return problems;
}

/** Waits that contradict each other. */
export function patienceProblems(values: Values): string[] {
  const longer = [
    ['FILLER_PHRASE_MS', 'COMFORT_TONE_MS'],
    ['MODEL_OUTAGE_MS', 'MODEL_SETUP_MS'],
    ['BARGE_IN_MS', 'BARGE_IN_HOLD_MS'],
  ] as const;
  return longer.flatMap(([long, short]) =>
    values[long] > values[short]
      ? []
      : [`${long} is ${values[long]} and ${short} is ${values[short]}; the first must be the longer one.`],
  );
}

/** Each process has its share of the calls, and without a database there are no others. */
export function shareProblems({ WORKERS, MAX_CONCURRENT_CALLS, CALLS_PER_PROCESS, DATABASE_URL }: Values): string[] {
  const problems: string[] = [];
  const processes = WORKERS ?? 1;
  if (processes > MAX_CONCURRENT_CALLS)
    problems.push(
      `WORKERS is ${WORKERS} and MAX_CONCURRENT_CALLS is ${MAX_CONCURRENT_CALLS}; each worker wants room for a call, so the second must not be smaller.`,
    );
  if (CALLS_PER_PROCESS === undefined) return problems;
  if (CALLS_PER_PROCESS > MAX_CONCURRENT_CALLS)
    problems.push(
      `CALLS_PER_PROCESS is ${CALLS_PER_PROCESS} and MAX_CONCURRENT_CALLS is ${MAX_CONCURRENT_CALLS}; the second is the limit of all processes together, so it must not be smaller.`,
    );
  if (DATABASE_URL === undefined && processes * CALLS_PER_PROCESS < MAX_CONCURRENT_CALLS)
    problems.push(
      `CALLS_PER_PROCESS is ${CALLS_PER_PROCESS} and MAX_CONCURRENT_CALLS is ${MAX_CONCURRENT_CALLS}; without DATABASE_URL there ${processes === 1 ? 'is one process' : `are ${processes} processes`}, so the second must not be greater than ${processes * CALLS_PER_PROCESS}.`,
    );
  return problems;
}

function isEveryAddress(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

/** Calls are answered without the operator's pages, so this is no error. */
export function portWarnings({ PORT, HOST, ADMIN_PORT, ADMIN_HOST }: Values): string[] {
  const hosts = [HOST, ADMIN_HOST];
  const isTaken = PORT !== 0 && PORT === ADMIN_PORT && (HOST === ADMIN_HOST || hosts.some(isEveryAddress));
  return isTaken
    ? [
        `PORT and ADMIN_PORT are both ${PORT}, so there will be no operator's pages: set ADMIN_PORT to another port, or to off.`,
      ]
    : [];
}

/** A container must listen on every address, so these are no errors. */
export function openHostWarnings({ HOST, TWILIO_AUTH_TOKEN, ADMIN_PORT, ADMIN_HOST, ADMIN_URL }: Values): string[] {
  const isTwilioPosed = !isLocal(HOST) && TWILIO_AUTH_TOKEN === undefined;
  const isAdminPlain = ADMIN_PORT !== null && !isLocal(ADMIN_HOST) && ADMIN_URL?.startsWith('https:') !== true;
  return [
    ...(isTwilioPosed
      ? [`HOST is ${HOST} and TWILIO_AUTH_TOKEN is not set: whoever reaches the port can pose as Twilio.`]
      : []),
    ...(isAdminPlain
      ? [
          `ADMIN_HOST is ${ADMIN_HOST} and ADMIN_URL names no https:// address: whoever is on the way can read the operator's pages.`,
        ]
      : []),
  ];
}

function isLocal(host: string): boolean {
  return host === 'localhost' || host === '::1' || host.startsWith('127.');
}
