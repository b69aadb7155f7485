import { pathToFileURL } from 'node:url';
import { shortText } from '../../encoding/short-text.ts';
import { wordsCharsMax } from '../process-messages.ts';

/** Why a file could not be loaded, in a sentence with its line where that is known. */
export function loadProblem(path: string, error: unknown): string {
  const line = error instanceof Error ? lineOf(path, error.stack ?? '') : null;
  const why = shortText((error instanceof Error ? error.message : String(error)).trim(), wordsCharsMax);
  return `${path}${line === null ? '' : `, line ${line},`} cannot be loaded: ${why.replace(/\.?$/, '.')}`;
}

/** The first line of this file that a stack names: errors of syntax stand at its top, all others in the innermost frame. */
function lineOf(path: string, stack: string): string | null {
  const lines = [path, pathToFileURL(path).href].map((place) => {
    const [, ...after] = stack.split(`${place}:`);
    return /^\d+/.exec(after[0] ?? '')?.[0] ?? null;
  });
  return lines.find((line) => line !== null) ?? null;
}
