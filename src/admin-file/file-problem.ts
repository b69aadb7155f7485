import { withoutNumbers } from './without-numbers.ts';

/** The names and list positions that lead to a member of a file. */
export type MemberPath = readonly PropertyKey[];

/** A place in a file, counted from 1. */
export interface FilePlace {
  readonly line: number;
  readonly column: number;
}

/** Something wrong with a file: `what` goes on a sentence about the member, such as "is no number". */
export interface FileProblem {
  readonly place: FilePlace;
  readonly path: MemberPath;
  readonly what: string;
}

/**
 * One line for the admin, in the form that editors and terminals lead to: `tools.yaml:3:5 tools.weather.url is missing.` A telephone number that
 * stands where a name belongs is left out.
 */
export function problemLine(file: string, { place, path, what }: FileProblem): string {
  const member = path.map((step) => withoutNumbers(String(step))).join('.');
  return `${file}:${place.line}:${place.column} ${member === '' ? 'the file' : member} ${what}.`;
}
