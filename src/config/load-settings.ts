import type { Config } from './config.ts';
import { givenValues, loadConfig } from './load/load-config.ts';
import type { EnvFile } from './env-file/env-file.ts';
import { readEnvFile } from './env-file/read-env-file.ts';
import { settingPath } from './package-folder.ts';
import { ParleyError } from '../errors.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The settings of a process: its environment, and what it lacks from the file `.env` (PARLEY_ENV_FILE names another one, or "off"). What
 * the file says is put into the environment, where libraries look for proxies and the like. Throws `config.invalid`.
 */
export function loadSettings(env: Record<string, string | undefined>): Config {
  const file = readEnvFile(env);
  const config = loadConfig(env, undefined, file);
  fillEnvironment(env, file);
  return config;
}

/** Puts what the file says where libraries look for it. What is there already wins. */
export function fillEnvironment(env: Record<string, string | undefined>, { values }: EnvFile): void {
  for (const [name, { value }] of values) env[name] ??= value;
}

/**
 * The environment of a process, and what it lacks from the file, for a command that needs few settings and checks them itself. Throws
 * `config.invalid` for a file that would be misread.
 */
export function readEnvironment(env: Environment): Environment {
  const { values, problems } = readEnvFile(env);
  if (problems.length > 0) throw new ParleyError('config.invalid', problems.join('\n'));
  return { ...Object.fromEntries([...values].map(([name, { value }]) => [name, value])), ...env };
}

/** The settings of a process as they are written, right or wrong, by name. */
export function writtenSettings(env: Readonly<Record<string, string | undefined>>): ReadonlyMap<string, string> {
  return givenValues(env, readEnvFile(env));
}

/** The file that one setting of a process names, for a command that needs no other; null when it is not set. */
export function namedPath(env: Environment, name: string): string | null {
  const path = (env[name] ?? readEnvFile(env).values.get(name)?.value ?? '').trim();
  return path === '' ? null : settingPath(path);
}
