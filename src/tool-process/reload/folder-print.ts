import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { filePrint } from '../../admin-file/file-print.ts';

/** Helpers of a hundred tools fit. What lies beyond is not looked at. */
const entriesMax = 1_000;

/** What tells one state of a folder of programs from another. Packages that were installed there are not looked at. */
export async function folderPrint(folder: string): Promise<string> {
  const prints: string[] = [];
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined && prints.length < entriesMax; next = folders.pop()) {
    for (const entry of await entriesOf(next)) {
      const path = join(next, entry.name);
      if (entry.name.startsWith('.') || entry.name === 'node_modules') continue;
      if (entry.isDirectory()) folders.push(path);
      else prints.push(await filePrint([path]));
    }
  }
  return prints.toSorted().join('\n');
}

async function entriesOf(folder: string) {
  try {
    return (await readdir(folder, { withFileTypes: true })).slice(0, entriesMax);
  } catch {
    return [];
  }
}
