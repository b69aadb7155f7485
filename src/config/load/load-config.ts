import { readFileSync } from 'node:fs';
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
import { people } from '../destinations/people.ts';
import { destinationWarnings, languageWarnings, numberWarnings } from '../doubts/unheard.ts';
import { type EnvFile, noEnvFile } from '../env-file/env-file.ts';
import { envFileProblems, envFileWarnings } from '../env-file/env-file-checks.ts';
import { envFileVariable } from '../env-file/read-env-file.ts';
import { environment } from '../environment.ts';
import { databaseWarnings } from '../journal/journal-variables.ts';
import { misspeltWarnings } from '../misspelt.ts';
import { modelProblems, modelWarnings } from '../model/model-checks.ts';
import type { ReadTextFile } from '../named-files/named-file.ts';
import { readNamedFiles } from '../named-files/read-named-files.ts';
import { standardValues } from '../reference.ts';
import { ParleyError } from '../../errors.ts';
import type { Config } from '../config.ts';
import { configOf } from './config-of.ts';

/**
 * Turns the environment into settings; what it lacks is taken from the file. Empty variables count as unset. Throws `config.invalid` with
 * one line per problem, those of the file among them. `readTextFile` opens the files that settings name.
 */
export function loadConfig(
  env: Readonly<Record<string, string | undefined>>,
  readTextFile: ReadTextFile = (path) => readFileSync(path, 'utf8'),
  file: EnvFile = noEnvFile,
): Config {
  const given = givenValues(env, file);
  const parsed = environment.safeParse(Object.fromEntries(given));
  const { prompt, prices, holidays, problems: problemsOfFiles } = readNamedFiles(given, readTextFile);
  const { problems: problemsOfPeople, ...reached } = people(given, holidays, readTextFile);
  const names = Object.keys(environment.shape);
  const misplaced = new Map([
    ...credentialProblems(given),
    ...placeholderProblems(given),
    ...quotedValueProblems(given, names),
  ]);
  const further = [
    ...(parsed.error?.issues ?? []).map((issue) => `${issue.path.join('.')} ${issue.message}`),
    ...combinationProblems(given),
    ...modelProblems(given),
    ...problemsOfFiles,
    ...problemsOfPeople,
    ...(parsed.success
      ? [...patienceProblems(parsed.data), ...shareProblems(parsed.data), ...textProblems(parsed.data, prompt)]
      : []),
  ];
  // Of a setting in a line that cannot be read, or with another thing in its place, nothing else is known.
  const isKnown = (problem: string): boolean => {
    const [name = ''] = problem.split(' ');
    return !file.unread.has(name) && !misplaced.has(name);
  };
  const problems = [...file.problems, ...envFileProblems(file), ...misplaced.values(), ...further.filter(isKnown)];
  const misspelt = misspeltWarnings([...given.keys()], [...names, envFileVariable]);
  const hints = [...envFileWarnings(file, env, standardValues(), misspelt), ...misspelt];
  // A setting that is missing is often there under another name, or in a comment.
  if (!parsed.success || problems.length > 0)
    throw new ParleyError('config.invalid', [...problems, ...hints].join('\n'));
  const warnings = [
    ...hints,
    ...portWarnings(parsed.data),
    ...openHostWarnings(parsed.data),
    ...databaseWarnings(parsed.data),
    ...publicUrlWarnings(given),
    ...credentialWarnings(given),
    ...destinationWarnings(given),
    ...numberWarnings(given, reached.destinations, reached.fallbackNumber),
    ...languageWarnings(given, parsed.data),
    ...timeZoneWarnings(parsed.data),
    ...modelWarnings(parsed.data, Object.keys(prices.perMillionTokens), parsed.data.MAX_CALL_SECONDS),
  ];
  return configOf(parsed.data, { prompt, prices, holidays, ...reached, warnings });
}

/** What the admin set, without what is empty. A variable of the process wins, also when it is empty. */
export function givenValues(
  env: Readonly<Record<string, string | undefined>>,
  file: EnvFile,
): ReadonlyMap<string, string> {
  const given = new Map<string, string>();
  const ofFile = Object.fromEntries([...file.values].map(([name, { value }]) => [name, value]));
  for (const [name, text] of Object.entries({ ...ofFile, ...env })) {
    const value = text?.trim() ?? '';
    if (value !== '') given.set(name, value);
  }
  return given;
}
