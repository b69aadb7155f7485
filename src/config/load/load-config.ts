import { readFileSync } from 'node:fs';
import type { z } from 'zod';
import {
  combinationProblems,
  openHostWarnings,
  patienceProblems,
  portWarnings,
  shareProblems,
} from '../combinations.ts';
import { textProblems, timeZoneWarnings } from '../context-variables.ts';
import { credentialProblems, credentialWarnings } from '../doubts/credential-kinds.ts';
import { placeholderProblems } from '../doubts/placeholders.ts';
import { publicUrlWarnings } from '../doubts/public-url.ts';
import { quotedValueProblems } from '../doubts/quoted-values.ts';
import { type People, people } from '../destinations/people.ts';
import { destinationWarnings, languageWarnings, numberWarnings, voicemailWarnings } from '../doubts/unheard.ts';
import { type EnvFile, noEnvFile } from '../env-file/env-file.ts';
import { envFileProblems, envFileWarnings } from '../env-file/env-file-checks.ts';
import { envFileVariable } from '../env-file/read-env-file.ts';
import { environment } from '../environment.ts';
import { databaseWarnings } from '../journal/journal-variables.ts';
import { misspeltWarnings } from '../misspelt.ts';
import { modelProblems, modelWarnings } from '../model/model-checks.ts';
import type { ReadTextFile } from '../named-files/named-file.ts';
import { type NamedFiles, readNamedFiles } from '../named-files/read-named-files.ts';
import { standardValues } from '../reference.ts';
import { ParleyError } from '../../errors.ts';
import type { Config } from '../config.ts';
import { configOf } from './config-of.ts';

type Environment = Readonly<Record<string, string | undefined>>;
type Given = ReadonlyMap<string, string>;
type Values = z.output<typeof environment>;

const names = Object.keys(environment.shape);

/** What the settings come to, right or wrong. */
export interface ReadConfig {
  /** In it, a setting of the wrong form is as if it were not set. */
  readonly config: Config;
  /** One sentence each, those of the file among them. */
  readonly problems: readonly string[];
  /** Where a setting may be that is missing: under another name, or in a comment. */
  readonly hints: readonly string[];
  /** The settings that something is wrong with. */
  readonly wrong: ReadonlySet<string>;
}

/**
 * Turns the environment into settings; what it lacks is taken from the file. Empty variables count as unset. Throws `config.invalid` with
 * one line per problem, those of the file among them. `readTextFile` opens the files that settings name.
 */
export function loadConfig(env: Environment, readTextFile?: ReadTextFile, file?: EnvFile): Config {
  const { config, problems, hints } = readConfig(env, readTextFile, file);
  if (problems.length > 0) throw new ParleyError('config.invalid', [...problems, ...hints].join('\n'));
  return config;
}

/** The same for whoever has more to say of the settings. Never throws. */
export function readConfig(
  env: Environment,
  readTextFile: ReadTextFile = (path) => readFileSync(path, 'utf8'),
  file: EnvFile = noEnvFile,
): ReadConfig {
  const given = givenValues(env, file);
  const { values, problems: problemsOfForm } = readValues(given);
  const { prompt, prices, holidays, problems: problemsOfFiles } = readNamedFiles(given, readTextFile);
  const { problems: problemsOfPeople, wrongPlaces, ...reached } = people(given, holidays, readTextFile);
  const misplaced = new Map([
    ...credentialProblems(given),
    ...placeholderProblems(given),
    ...quotedValueProblems(given, names),
  ]);
  const unknown = new Set([...file.unread, ...misplaced.keys()]);
  const misformed = new Set([...unknown, ...problemsOfForm.map(settingOf)]);
  const together = [...patienceProblems(values), ...shareProblems(values), ...textProblems(values, prompt)];
  const further = [
    ...problemsOfForm,
    ...combinationProblems(given),
    ...modelProblems(given),
    ...problemsOfFiles,
    ...problemsOfPeople,
    // With a setting of the wrong form there is nothing to compare.
    ...together.filter((problem) => !mentioned(problem).some((name) => misformed.has(name))),
  ];
  // Of a setting in a line that cannot be read, or with another thing in its place, nothing else is known.
  const known = further.filter((problem) => !unknown.has(settingOf(problem)));
  const problems = [...file.problems, ...envFileProblems(file), ...misplaced.values(), ...known];
  const misspelt = misspeltWarnings([...given.keys()], [...names, envFileVariable]);
  const hints = [...envFileWarnings(file, env, standardValues(), misspelt), ...misspelt];
  const elsewhere = { prompt, prices, holidays, ...reached };
  const warnings = problems.length > 0 ? [] : [...hints, ...doubts(given, values, elsewhere)];
  return {
    config: configOf(values, { ...elsewhere, warnings }),
    problems,
    hints,
    wrong: new Set([...unknown, ...known.map(settingOf), ...wrongPlaces]),
  };
}

/** The values of all settings; one of the wrong form is told of, and is as if it were not set. */
function readValues(given: Given): { readonly values: Values; readonly problems: readonly string[] } {
  const parsed = environment.safeParse(Object.fromEntries(given));
  if (parsed.success) return { values: parsed.data, problems: [] };
  const { issues } = parsed.error;
  const right = [...given].filter(([name]) => !issues.some(({ path }) => path[0] === name));
  return {
    values: environment.parse(Object.fromEntries(right)),
    problems: issues.map(({ path, message }) => `${path.join('.')} ${message}`),
  };
}

/** What is probably not meant, of settings that are right. */
function doubts(
  given: Given,
  values: Values,
  { destinations, fallbackNumber, prices }: Pick<NamedFiles, 'prices'> & Omit<People, 'problems' | 'wrongPlaces'>,
): string[] {
  return [
    ...portWarnings(values),
    ...openHostWarnings(values),
    ...databaseWarnings(values),
    ...publicUrlWarnings(given),
    ...credentialWarnings(given),
    ...destinationWarnings(given),
    ...numberWarnings(given, destinations, fallbackNumber),
    ...languageWarnings(given, values),
    ...voicemailWarnings(given),
    ...timeZoneWarnings(values),
    ...modelWarnings(values, Object.keys(prices.perMillionTokens), values.MAX_CALL_SECONDS),
  ];
}

/** The setting with whose name a problem begins. */
function settingOf(problem: string): string {
  return problem.split(' ', 1)[0] ?? '';
}

/** The names of settings in a problem. */
function mentioned(problem: string): string[] {
  return problem.match(/\b[A-Z][A-Z0-9_]+\b/g) ?? [];
}

/** What the admin set, without what is empty. A variable of the process wins, also when it is empty. */
export function givenValues(env: Environment, file: EnvFile): Given {
  const given = new Map<string, string>();
  const ofFile = Object.fromEntries([...file.values].map(([name, { value }]) => [name, value]));
  for (const [name, text] of Object.entries({ ...ofFile, ...env })) {
    const value = text?.trim() ?? '';
    if (value !== '') given.set(name, value);
  }
  return given;
}
