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

/**
 * Checks names and defaults, as a map or a list of pairs. Each problem is the rest of a sentence that begins with where they stand.
 */
export function readDefaults(
  entries: Iterable<readonly [string, string]>,
): { readonly defaults: ContextValues } | { readonly problems: string[] } {
  const defaults = new Map<string, string>();
  const problems: string[] = [];
  for (const [name, value] of entries) {
    if (!namePattern.test(name)) {
      problems.push(`has the name "${plainText(name, 40)}"; it wants small letters, digits and "_", at most 40.`);
    } else if (builtIn.has(name))
      problems.push(`names "${name}", which every call fills by itself; take another name.`);
    else if (defaults.has(name)) problems.push(`names "${name}" twice; it wants each name once.`);
    else if (value.length > valueCharactersMax) {
      problems.push(`has a default of "${name}" that is too long; it wants at most ${valueCharactersMax} characters.`);
    } else defaults.set(name, plainText(value, valueCharactersMax));
  }
  if (defaults.size > namesMax) problems.push(`has more than ${namesMax} names.`);
  return problems.length > 0 ? { problems } : { defaults };
}

/** `customer=our customer;plan=unknown`: declares names, each with what it is when nobody knows better. */
export function parseDefaults(text: string): ReturnType<typeof readDefaults> {
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
  if (problems.length === 0) return read;
  return { problems: [...problems, ...('problems' in read ? read.problems : [])] };
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
