import { closeSync, constants, fstatSync, openSync, readFileSync, type Stats } from 'node:fs';
import { open } from 'node:fs/promises';

import { cannotBeRead } from '../../errors.ts';

/** To open a pipe would wait for whoever writes into it. */
const flags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * The bytes of a file, or why there are none, as the rest of a sentence about it. What never ends, such as a pipe or a device, is no file and
 * is not read. Never rejects.
 */
export async function readRegularFile(path: string, bytesMax: number): Promise<Uint8Array | string> {
  try {
    await using file = await open(path, flags);
    return fault(await file.stat(), bytesMax) ?? (await file.readFile());
  } catch (error) {
    return cannotBeRead(error);
  }
}

/** The same at once, for where nothing else could go on meanwhile. Never throws. */
export function readRegularFileSync(path: string, bytesMax: number): Uint8Array | string {
  try {
    const file = openSync(path, flags);
    try {
      return fault(fstatSync(file), bytesMax) ?? readFileSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return cannotBeRead(error);
  }
}

/** Null for what can be read. That a folder is none, the system says as it always does. */
function fault(stats: Stats, bytesMax: number): string | null {
  if (!stats.isFile() && !stats.isDirectory()) return 'is no file, but a pipe or a device';
  return stats.size > bytesMax ? `holds ${stats.size} bytes; it wants at most ${bytesMax}` : null;
}
