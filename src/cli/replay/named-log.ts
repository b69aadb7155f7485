import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { namedPath } from '../../config/load-settings.ts';
import { ParleyError } from '../../errors.ts';
import { isCallSid } from '../history/find-calls.ts';
import type { Terminal } from '../terminal/terminal.ts';

/** The path of the call log that is named: `given` itself, or that of the call with this CallSid. Throws `log.invalid` for a call without one. */
export function namedLog(given: string, terminal: Terminal): string {
  if (!isCallSid(given) || existsSync(given)) return given;
  const path = demoLog(given, terminal) ?? recordedLog(terminal.env, given);
  if (path !== null) return path;
  throw new ParleyError('log.invalid', `There is no call log of ${given}: calls leave one while RECORD_DIR is set.`);
}

/** The log of a call of `npm run demo`, which no journal knows, where it is named by its CallSid; null for everything else. */
export function demoLog(named: string, { folder }: Pick<Terminal, 'folder'>): string | null {
  const path = join(folder, 'out', named, 'call.jsonl');
  return isCallSid(named) && existsSync(path) ? path : null;
}

/** The call log of a call in RECORD_DIR; null when there is none. */
export function recordedLog(env: Readonly<Record<string, string | undefined>>, callSid: string): string | null {
  const folder = namedPath(env, 'RECORD_DIR');
  if (folder === null || !existsSync(folder)) return null;
  // A call that another process took over has a log of each; the last one tells its end.
  const name = readdirSync(folder)
    .filter((file) => file.endsWith(`-${callSid}.jsonl`))
    .toSorted()
    .at(-1);
  return name === undefined ? null : join(folder, name);
}
