import { type Config, loadConfig } from './config.ts';
import { readEnvFile } from './env-file/read-env-file.ts';
import { settingPath } from './package-folder.ts';

/**
 * The settings of a process: its environment, and what it lacks from the file `.env` (PARLEY_ENV_FILE names another one, or "off"). What
 * the file says is put into the environment, where libraries look for proxies and the like. Throws `config.invalid`.
 */
export function loadSettings(env: Record<string, string | undefined>): Config {
  const file = readEnvFile(env);
  const config = loadConfig(env, undefined, file);
  for (const [name, { value }] of file.values) env[name] ??= value;
  return config;
}

/** The file that one setting of a process names, for a command that needs no other; null when it is not set. */
export function namedPath(env: Readonly<Record<string, string | undefined>>, name: string): string | null {
  const path = (env[name] ?? readEnvFile(env).values.get(name)?.value ?? '').trim();
  return path === '' ? null : settingPath(path);
}
