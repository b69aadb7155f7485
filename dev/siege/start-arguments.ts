import { readFileSync } from 'node:fs';
import { isJsonObject, parseJson } from '../../src/encoding/json.ts';

/** What `npm start` gives to Node. */
export function startArguments(): string[] {
  const manifest = parseJson(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  const scripts = isJsonObject(manifest) ? manifest['scripts'] : null;
  const start = isJsonObject(scripts) ? String(scripts['start']) : '';
  const [exec, node, ...given] = start.split(' ');
  if (exec !== 'exec' || node !== 'node') throw new Error(`npm start is another command: ${start}`);
  return given;
}
