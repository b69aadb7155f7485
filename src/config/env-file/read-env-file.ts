import { existsSync, readFileSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';

import { cannotBeRead } from '../../errors.ts';
import { packageFolder, settingPath } from '../package-folder.ts';
import { type EnvFile, noEnvFile } from './env-file.ts';
import { parseEnvFile } from './parse-env.ts';

/** Which file is read, or "off" for none. Only the environment of the process says so, not the file itself. */
export const envFileVariable = 'PARLEY_ENV_FILE';

/** The longest prompt takes a fraction of it. */
const fileBytesMax = 1_000_000;

/** What editors and other programs call such a file. Parley reads none of them by itself. */
const otherNames = ['.env.txt', 'env.txt', '.env.local', 'env'];

type Environment = Readonly<Record<string, string | undefined>>;

/** Where the file is: PARLEY_ENV_FILE names it, or else it is `.env` beside `package.json`; null where none is read. */
export function envFilePlace(
  env: Environment,
  folder = packageFolder,
): { readonly path: string; readonly isNamed: boolean } | null {
  const named = env[envFileVariable]?.trim() ?? '';
  if (named.toLowerCase() === 'off') return null;
  const isNamed = named !== '';
  return { path: isNamed ? settingPath(named) : join(folder, '.env'), isNamed };
}

/** Reads the file. One that nobody names need not be there. */
export function readEnvFile(env: Environment, folder = packageFolder): EnvFile {
  const place = envFilePlace(env, folder);
  if (place === null) return noEnvFile;
  const { path, isNamed } = place;
  // From elsewhere, nobody would know which file is meant.
  const label = path === resolve('.env') ? '.env' : path;
  if (!isNamed && !existsSync(path)) return { ...noEnvFile, warnings: elsewhereWarnings(folder) };
  const read = readBytes(path);
  if ('bytes' in read) return parseEnvFile(read.bytes, label);
  const subject = isNamed ? `${envFileVariable} names ${path}, which` : path;
  return { ...noEnvFile, label, problems: [`${subject} ${read.problem}.`] };
}

function readBytes(path: string): { readonly bytes: Uint8Array } | { readonly problem: string } {
  try {
    const status = statSync(path);
    if (status.isDirectory()) return { problem: 'is a folder and no file' };
    if (status.size > fileBytesMax) return { problem: `is larger than ${fileBytesMax} bytes` };
    return { bytes: readFileSync(path) };
  } catch (error) {
    return { problem: cannotBeRead(error) };
  }
}

/** Files that the admin may have meant when there is no `.env`. */
function elsewhereWarnings(folder: string): string[] {
  const here = resolve('.env');
  return [...otherNames.map((name) => join(folder, name)), here]
    .filter((path) => existsSync(path))
    .map(
      (path) => `${path} is not read, and there is no ${join(folder, '.env')}; rename or move it if it holds settings.`,
    );
}
