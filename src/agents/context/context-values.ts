import { builtInNames } from './template.ts';
import { plainText } from './plain-text.ts';

/** Values by name. */
export type ContextValues = ReadonlyMap<string, string>;

/** An instruction is paid for with every turn: a value is a name, a plan or a sentence. */
const valueCharactersMax = 500;

/** More than anybody fills into a prompt. */
const namesMax = 50;

/** So many wrong names are told; a log line is no place for more. */
const namesToldMax = 10;

const namePattern = /^[a-z][a-z0-9_]{0,39}$/;

const builtIn: ReadonlySet<string> = new Set(builtInNames);

/** What is wrong with a name or its default, as the rest of a sentence; `name` is null for what is wrong with all of them. */
interface DefaultFault {
  readonly name: string | null;
  readonly what: string;
}

/** Checks names and defaults, as a map or a list of pairs. */
export function readDefaults(
  entries: Iterable<readonly [string, string]>,
): { readonly defaults: ContextValues } | { readonly faults: readonly DefaultFault[] } {
  const defaults = new Map<string, string>();
  const faults: DefaultFault[] = [];
  for (const [name, value] of entries) {
    const what = defaults.has(name) ? 'stands twice; it wants each name once.' : defaultProblem(name, value);
    if (what === null) defaults.set(name, plainText(value, valueCharactersMax));
    else faults.push({ name, what });
  }
  if (defaults.size > namesMax) faults.push({ name: null, what: `has more than ${namesMax} names.` });
  return faults.length > 0 ? { faults } : { defaults };
}

function defaultProblem(name: string, value: string): string | null {
  if (!namePattern.test(name)) return 'has a wrong name; it wants small letters, digits and "_", at most 40.';
  if (builtIn.has(name)) return 'is filled by every call itself; take another name.';
  return value.length > valueCharactersMax ? `is too long; it wants at most ${valueCharactersMax} characters.` : null;
}

/**
 * `customer=our customer;plan=unknown`: declares names, each with what it is when nobody knows better. Each problem is the rest of a
 * sentence that begins with where they stand.
 */
export function parseDefaults(
  text: string,
): { readonly defaults: ContextValues } | { readonly problems: readonly string[] } {
  const pairs: [string, string][] = [];
  const problems: string[] = [];
  const entries = text.split(/[;\n]/).map((entry) => entry.trim());
  for (const [index, entry] of entries.entries()) {
    if (entry === '') continue;
    const at = entry.indexOf('=');
    if (at < 0) problems.push(`has a wrong entry ${index + 1}; it wants name=default, several with ";" between them.`);
    else pairs.push([entry.slice(0, at).trim(), entry.slice(at + 1).trim()]);
  }
  const read = readDefaults(pairs);
  for (const { name, what } of 'faults' in read ? read.faults : [])
    problems.push(name === null ? what : `for "${plainText(name, 40)}" ${what}`);
  return 'defaults' in read && problems.length === 0 ? read : { problems };
}

/** What an answer from outside brings for the names that are declared. */
export interface ContextAnswer {
  readonly values: ContextValues;
  /** Names that nobody declared, and how many more there are. Their values are told to nobody. */
  readonly unknown: readonly string[];
  /** Declared names whose value is no text, no number, and neither true nor false. */
  readonly unusable: readonly string[];
}

/** Reads the answer to a question for context. What is neither declared nor plain is left out. Null when it is no JSON object. */
export function readContext(answer: unknown, defaults: ContextValues): ContextAnswer | null {
  if (typeof answer !== 'object' || answer === null || Array.isArray(answer)) return null;
  const values = new Map<string, string>();
  const unknown: string[] = [];
  const unusable: string[] = [];
  for (const [name, value] of Object.entries(answer)) {
    if (!defaults.has(name)) unknown.push(name);
    else if (typeof value === 'string') values.set(name, plainText(value, valueCharactersMax));
    else if (typeof value === 'boolean' || Number.isFinite(value)) values.set(name, String(value));
    // Who does not know a value may say so.
    else if (value !== null) unusable.push(name);
  }
  return { values, unknown: told(unknown), unusable };
}

/** All declared names with what is known of them. */
export function withDefaults(values: ContextValues, defaults: ContextValues): ContextValues {
  return new Map([...defaults].map(([name, value]) => [name, values.get(name) ?? value]));
}

/** Only what looks like a name: anything else may be what a person said. */
function told(names: readonly string[]): string[] {
  const fit = names.filter((name) => namePattern.test(name)).slice(0, namesToldMax);
  return names.length > fit.length ? [...fit, `and ${names.length - fit.length} more`] : fit;
}
