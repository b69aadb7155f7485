import { stat } from 'node:fs/promises';

/**
 * What tells one state of a file from another without reading it. Links are followed, so that a file is another one when a link on its way
 * leads elsewhere; and whatever is written into a file changes when it was changed. A file that is missing has a state too.
 */
export async function filePrint(path: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true });
    return [path, dev, ino, size, mtimeNs, ctimeNs].join(' ');
  } catch {
    return `${path} missing`;
  }
}

/** The same of several files. */
export async function filePrints(paths: readonly string[]): Promise<string> {
  const prints: string[] = [];
  for (const path of paths) prints.push(await filePrint(path));
  return prints.join('\n');
}
