import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where `package.json` lies, and `.env` beside it. */
export const packageFolder = fileURLToPath(new URL('../..', import.meta.url));

/** The path that a setting means: one that is relative begins in the package, wherever the process was started. */
export function settingPath(path: string): string {
  return resolve(packageFolder, path);
}
