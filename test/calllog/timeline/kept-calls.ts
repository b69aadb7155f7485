import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { join } from 'node:path';

const root = fileURLToPath(new URL('../../../fixtures/calls/', import.meta.url));

/** The names of all calls that are kept. */
export const keptCallNames = readdirSync(root, { withFileTypes: true })
  .filter((entry) => entry.isDirectory())
  .map(({ name }) => name);

/** The log of one of them. */
export function keptCall(name: string): { readonly text: string; readonly audio: Buffer } {
  const folder = join(root, name);
  return {
    text: readFileSync(join(folder, 'call.jsonl'), 'utf8'),
    audio: readFileSync(join(folder, 'call.audio')),
  };
}
