import { dirname, extname, resolve } from 'node:path';
import { type FileProblem, type FilePlace, type MemberPath, problemLine } from '../../admin-file/file-problem.ts';
import { readFileTree } from '../../admin-file/file-tree.ts';
import { isJsonObject } from '../../encoding/json.ts';
import { readUtf8 } from '../../encoding/utf8.ts';
import { readRegularFile } from '../../system/files/regular-file.ts';

/** A place in one of several files. */
export interface PlaceInFile {
  readonly file: string;
  readonly place: FilePlace;
}

/** Agents as they are written: one file, and those that it names in the place of values. */
export interface AgentsTree {
  /** What the files say together; what could not be read is undefined. */
  readonly value: unknown;
  readonly placeOf: (path: MemberPath) => PlaceInFile;
  /** The folder from which a relative path counts that stands there. */
  readonly folderOf: (path: MemberPath) => string;
  /** Lines for the admin, in the order of the files. */
  readonly problems: readonly string[];
  /** Every file that was opened, also those that are missing. */
  readonly files: readonly string[];
}

/** A hundred long prompts. */
const fileBytesMax = 1_000_000;

/** Five files for each of a hundred agents. */
const filesMax = 500;

/** The agents file names that of an agent, which names that of a value. One more is a slip. */
const levelsMax = 4;

/** Files of these kinds hold values of any form; all others hold a text. */
const structured: ReadonlySet<string> = new Set(['.yaml', '.yml', '.json']);

/** Reads the agents file and all that it names. Never rejects: what is wrong stands in `problems`. */
export async function readAgentsTree(path: string): Promise<AgentsTree> {
  const reader = new TreeReader();
  const value = await reader.open(path, [], 0);
  return {
    value,
    placeOf: (at) => reader.placeOf(at),
    folderOf: (at) => dirname(reader.placeOf(at).file),
    problems: reader.problems,
    files: [...reader.files],
  };
}

/** A file, and the member whose value it holds. */
interface Mount {
  readonly path: MemberPath;
  readonly file: string;
  readonly placeOf: (path: MemberPath) => FilePlace;
}

class TreeReader {
  readonly problems: string[] = [];
  readonly files = new Set<string>();
  readonly #mounts: Mount[] = [];

  placeOf(path: MemberPath): PlaceInFile {
    // What was mounted later lies deeper.
    const mount = this.#mounts.findLast((one) => one.path.every((step, index) => path[index] === step));
    if (mount === undefined) return { file: '', place: { line: 1, column: 1 } };
    return { file: mount.file, place: mount.placeOf(path.slice(mount.path.length)) };
  }

  /** The value that a file holds. */
  async open(file: string, path: MemberPath, level: number): Promise<unknown> {
    const isNamed = path.length > 0;
    const text = await this.#read(file, isNamed ? [...path, 'file'] : path, isNamed ? `names ${file}, which ` : '');
    if (isNamed && text !== null && !structured.has(extname(file).toLowerCase())) {
      this.#mounts.push({ path, file, placeOf: () => ({ line: 1, column: 1 }) });
      return text.trim();
    }
    if (text === null) return undefined;
    const tree = readFileTree(text);
    this.#mounts.push({ path, file, placeOf: tree.placeOf });
    for (const problem of tree.problems) this.#complain(file, { ...problem, path: [...path, ...problem.path] });
    return this.#filledIn(tree.value, path, level);
  }

  /** The value with those of the files that it names. */
  async #filledIn(value: unknown, path: MemberPath, level: number): Promise<unknown> {
    if (Array.isArray(value)) {
      const items: unknown[] = [];
      for (const [index, item] of value.entries()) items.push(await this.#filledIn(item, [...path, index], level));
      return items;
    }
    if (!isJsonObject(value)) return value;
    const names = Object.keys(value);
    if (names.length === 1 && names[0] === 'file') return this.#named(value.file, path, level);
    const members: Record<string, unknown> = {};
    for (const name of names) {
      const member = await this.#filledIn(value[name], [...path, name], level);
      // What could not be read has been told, and is not missing as well.
      if (member !== undefined) members[name] = member;
    }
    return members;
  }

  async #named(name: unknown, path: MemberPath, level: number): Promise<unknown> {
    const at = [...path, 'file'];
    const { file, place } = this.placeOf(at);
    const complain = (what: string): undefined => this.#complain(file, { place, path: at, what });
    if (typeof name !== 'string' || name === '') return complain('is no path; it wants the name of a file');
    if (level >= levelsMax)
      return complain(`is the ${levelsMax + 1}th file that names another one; write the value here`);
    if (this.files.size >= filesMax) return complain(`is more than the ${filesMax}th file; write the value here`);
    return this.open(resolve(dirname(file), name), path, level + 1);
  }

  /** The text of a file; null, and said, if it cannot be had. */
  async #read(file: string, path: MemberPath, begin: string): Promise<string | null> {
    this.files.add(file);
    const isNamed = this.#mounts.length > 0;
    const { file: from, place } = isNamed ? this.placeOf(path) : { file, place: { line: 1, column: 1 } };
    const refuse = (what: string): null => {
      this.#complain(from, { place, path, what: `${begin}${what}` });
      return null;
    };
    const bytes = await readRegularFile(file, fileBytesMax);
    if (typeof bytes === 'string') {
      if (isNamed) return refuse(bytes);
      // There is no line of it to lead to.
      this.problems.push(`AGENTS_FILE names ${file}, which ${bytes}.`);
      return null;
    }
    const read = readUtf8(bytes);
    if ('badLine' in read) return refuse(`is not UTF-8 in line ${read.badLine}; save it as UTF-8`);
    return read.text.trim() === '' ? refuse('is empty') : read.text;
  }

  #complain(file: string, problem: FileProblem): undefined {
    this.problems.push(problemLine(file, problem));
  }
}
