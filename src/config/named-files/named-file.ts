import { cannotBeRead } from '../../errors.ts';

/** Reads a text file; throws as `fs.readFileSync` does. */
export type ReadTextFile = (path: string) => string;

/** The text of a file that a variable names, or what is wrong, such as "AGENT_PROMPT_FILE names prompt.txt, which is empty." */
export function readNamedFile(
  name: string,
  path: string,
  charactersMax: number,
  readTextFile: ReadTextFile,
): { readonly text: string } | { readonly problem: string } {
  const failed = (what: string) => ({ problem: fileProblem(name, path, what) });
  try {
    // What stands before the first word counts as lines.
    const text = readTextFile(path)
      .replace(/^\uFEFF/, '')
      .trimEnd();
    if (text === '') return failed('is empty');
    // What a decoder puts in the place of what is no UTF-8; a text in UTF-16 is full of zeros.
    if (/[\uFFFD\0]/.test(text)) return failed('is not UTF-8 throughout; save it as UTF-8');
    return text.length > charactersMax ? failed(`holds more than ${charactersMax} characters`) : { text };
  } catch (error) {
    return failed(cannotBeRead(error));
  }
}

/** One sentence about a file that a variable names. */
export function fileProblem(name: string, path: string, what: string): string {
  return `${name} names ${path}, which ${what}.`;
}
