/** What can go wrong with one attempt: no connection, no whole answer in time, or a status of that class (TW-HOOK-6). */
export type AttemptFailure = 'ct' | 'rt' | '4xx' | '5xx';

/** How Twilio requests one URL: its limits in ms, how often it tries again, and after which failures. */
export interface ConnectionOverrides {
  readonly connectMs: number;
  readonly readMs: number;
  /** From the first attempt to the last byte, retries and redirects included. */
  readonly totalMs: number;
  readonly retries: number;
  readonly retriesAfter: ReadonlySet<AttemptFailure>;
  /** A word of the retry policy that Twilio does not know, for which it requests nothing at all (11243). */
  readonly unknownPolicy: string | null;
}

/** Each number with its range and default (TW-HOOK-6). */
const numbers = {
  ct: { min: 100, max: 10_000, usual: 5000 },
  rt: { min: 100, max: 15_000, usual: 15_000 },
  tt: { min: 100, max: 15_000, usual: 15_000 },
  rc: { min: 0, max: 5, usual: 1 },
} as const;

const policies: ReadonlyMap<string, readonly AttemptFailure[]> = new Map([
  ['ct', ['ct']],
  ['rt', ['rt']],
  ['4xx', ['4xx']],
  ['5xx', ['5xx']],
  ['all', ['ct', 'rt', '4xx', '5xx']],
]);

/**
 * Reads the fragment of a webhook's URL, as in `#rc=2&rp=ct,5xx` (TW-HOOK-6). A number outside its range counts as not given, which is
 * a guess.
 */
export function readOverrides(url: string): ConnectionOverrides {
  const given = new URLSearchParams(URL.parse(url)?.hash.slice(1) ?? '');
  const retriesAfter = new Set<AttemptFailure>();
  let unknownPolicy: string | null = null;
  for (const word of (given.get('rp') ?? 'ct').split(',')) {
    const policy = policies.get(word);
    if (policy === undefined) unknownPolicy = word;
    for (const failure of policy ?? []) retriesAfter.add(failure);
  }
  return {
    connectMs: numberOf(given, 'ct'),
    readMs: numberOf(given, 'rt'),
    totalMs: numberOf(given, 'tt'),
    retries: numberOf(given, 'rc'),
    retriesAfter,
    unknownPolicy,
  };
}

function numberOf(given: URLSearchParams, key: keyof typeof numbers): number {
  const { min, max, usual } = numbers[key];
  const text = given.get(key) ?? '';
  const value = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  return value >= min && value <= max ? value : usual;
}
