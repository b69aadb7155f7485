import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Why these files cannot be put into a folder without writing over one that is there: a sentence, or null. */
export function inTheWay(folder: string, names: readonly string[]): string | null {
  const path = names.map((name) => join(folder, name)).find((one) => existsSync(one));
  return path === undefined ? null : `${path} is there already, and nothing is written over it.`;
}

/** Writes files into a folder, which it makes. Returns why it cannot, in a sentence, or null. */
export function writeFiles(folder: string, files: Readonly<Record<string, string | Uint8Array>>): string | null {
  try {
    mkdirSync(folder, { recursive: true });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
    return null;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return `Nothing can be written into the folder ${folder} (${String(error.code)}).`;
  }
}
