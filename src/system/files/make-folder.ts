import { mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

import { systemCodeOf } from '../../errors.ts';

/**
 * Makes a folder and those above it that are missing, with this mode, and lets be what is there. Throws as `fs.mkdirSync` does. That
 * itself, when it is to make all of them, tries for ever where a folder is there in which none can be made, as in a volume whose folder was
 * deleted on the host, or below /proc; and no signal ends its thread.
 */
export function makeFolder(path: string, mode: number): void {
  const fault = tryToMake(path, mode);
  if (fault === null) return;
  const parent = dirname(path);
  if (systemCodeOf(fault) !== 'ENOENT' || parent === path) throw fault;
  makeFolder(parent, mode);
  const again = tryToMake(path, mode);
  if (again !== null) throw again;
}

/** Null when it is there by then. */
function tryToMake(path: string, mode: number): unknown {
  try {
    mkdirSync(path, { mode });
    return null;
  } catch (error) {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() === true ? null : error;
  }
}
