import { stat } from 'node:fs/promises';

/**
 * What tells one state of these files from another. Links are followed, so that a file is another one when a link on its way leads
 * elsewhere; and whatever is written into a file changes when it was changed.
 */
export async function filePrint(files: readonly string[]): Promise<string> {
  const prints: string[] = [];
  for (const file of files) prints.push(`${file} ${await statePrint(file)}`);
  return prints.join('\n');
}

async function statePrint(file: string): Promise<string> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(file, { bigint: true });
    return [dev, ino, size, mtimeNs, ctimeNs].join(' ');
  } catch {
    return 'missing';
  }
}
