import { createRequire } from 'node:module';

import type * as Yaml from 'yaml';
import type { LineCounter, ParsedNode, YAMLError } from 'yaml';

import type { FilePlace, FileProblem, MemberPath } from './file-problem.ts';

const require = createRequire(import.meta.url);
let loaded: typeof Yaml | null = null;

/** The parser, loaded with the first file, because that takes 50 ms: an admin without such files does not wait for it. */
function yaml(): typeof Yaml {
  const known: typeof Yaml = loaded ?? require('yaml');
  loaded = known;
  return known;
}

/** What a YAML or JSON file says, and where it says it. */
export interface FileTree {
  /** Null, booleans, numbers, texts, lists and plain objects; undefined for a file that says nothing. */
  readonly value: unknown;
  /** Where a member stands: at its name, or at its value in a list. For what is missing, where the next outer one stands. */
  readonly placeOf: (path: MemberPath) => FilePlace;
  /** What of the file cannot be read. `value` lacks it. */
  readonly problems: readonly FileProblem[];
}

/** After so many, the rest follows from them. */
const syntaxProblemsMax = 10;

/** What an admin writes is five levels deep; deeper ones are made to exhaust who reads them. */
const levelsMax = 32;

/** Reads the text of a file. JSON is read as YAML, which it is a part of, so that all its faults are found and have a place. */
export function readFileTree(text: string): FileTree {
  const lines = new (yaml().LineCounter)();
  const documents = yaml().parseAllDocuments(text, {
    lineCounter: lines,
    // Told by the reader below, with the name.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
    version: '1.2',
    schema: 'core',
  });
  if (!Array.isArray(documents)) return emptyTree([]);
  const faults = documents.flatMap(({ errors, warnings }) => [...errors, ...warnings]);
  if (faults.length > 0) return emptyTree(syntaxProblems(faults, lines, text));
  const [document, second] = documents;
  if (second !== undefined) {
    const place = placeAt(lines, second.range[0]);
    return emptyTree([{ place, path: [], what: 'goes on after "---" or "..."; one file holds one document' }]);
  }
  const reader = new TreeReader(lines);
  const contents = document?.contents ?? null;
  const value = contents === null ? undefined : reader.read(contents, [], 0);
  return { value, placeOf: (path) => reader.placeOf(path), problems: reader.problems };
}

function emptyTree(problems: readonly FileProblem[]): FileTree {
  return { value: undefined, placeOf: () => ({ line: 1, column: 1 }), problems };
}

class TreeReader {
  readonly problems: FileProblem[] = [];
  readonly #lines: LineCounter;
  readonly #places = new Map<string, FilePlace>();

  constructor(lines: LineCounter) {
    this.#lines = lines;
  }

  placeOf(path: MemberPath): FilePlace {
    for (let length = path.length; length > 0; length -= 1) {
      const place = this.#places.get(placeKey(path.slice(0, length)));
      if (place !== undefined) return place;
    }
    return { line: 1, column: 1 };
  }

  read(node: ParsedNode, path: MemberPath, level: number): unknown {
    const complain = (what: string, at: ParsedNode = node): undefined => {
      this.problems.push({ place: this.#placeAt(at), path, what });
    };
    if (level > levelsMax) return complain(`is nested deeper than ${levelsMax} levels`);
    if (yaml().isAlias(node)) return complain('refers to another place with "*"; write the value here as well');
    if (node.tag?.startsWith('!') === true) return complain('has a type of its own with "!"; leave it out');
    if (yaml().isScalar(node)) {
      const { value } = node;
      if (typeof value === 'number' && !Number.isFinite(value)) return complain('is no number that counts');
      return value;
    }
    if (yaml().isSeq(node)) {
      return node.items.map((item, index) => {
        const inner = [...path, index];
        this.#places.set(placeKey(inner), this.#placeAt(item));
        return this.read(item, inner, level + 1);
      });
    }
    if (!yaml().isMap(node)) return complain('cannot be read');
    const members = new Map<string, unknown>();
    for (const { key, value } of node.items) {
      const name = yaml().isScalar(key) ? key.value : null;
      if (typeof name !== 'string') {
        complain('has a name that is no text; put it in quotes', key);
        continue;
      }
      const inner = [...path, name];
      if (members.has(name)) {
        const { line } = this.placeOf(inner);
        this.problems.push({ place: this.#placeAt(key), path: inner, what: `stands twice, first in line ${line}` });
        continue;
      }
      this.#places.set(placeKey(inner), this.#placeAt(key));
      members.set(name, value === null ? null : this.read(value, inner, level + 1));
    }
    return Object.fromEntries(members);
  }

  #placeAt({ range }: ParsedNode): FilePlace {
    return placeAt(this.#lines, range[0]);
  }
}

function placeAt(lines: LineCounter, offset: number): FilePlace {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

function placeKey(path: MemberPath): string {
  return JSON.stringify(path);
}

/** The usual faults in plain words; of the others, the parser's own. */
const syntaxWords: Readonly<Partial<Record<YAMLError['code'], string>>> = {
  BAD_ALIAS: 'refers to a place that is not there; a value that begins with "*" wants quotes',
  BAD_INDENT: 'is not indented like its neighbours',
  BAD_SCALAR_START: 'begins with a sign that has a meaning in YAML; put the value in quotes',
  BLOCK_AS_IMPLICIT_KEY: 'holds a second ":"; put the value in quotes, or indent what belongs to it in the next line',
  BAD_PROP_ORDER: 'has its signs in the wrong order',
  MISSING_CHAR: 'lacks a sign, mostly a ":", a comma, a bracket or a quotation mark',
  MULTILINE_IMPLICIT_KEY: 'is a name without ":" behind it, or a bracket or quotation mark that is not closed',
  RESOURCE_EXHAUSTION: `is nested deeper than ${levelsMax} levels`,
  TAG_RESOLVE_FAILED: 'has a type of its own with "!"; leave it out',
};

const openBracketWords =
  'goes on with a "[" or "{" that nothing has closed; close it, or indent the lines between the brackets';

/** One fault brings others behind it: the first of a line is the one to mend, and tabs, which no eye sees, are told alone. */
function syntaxProblems(faults: readonly YAMLError[], lines: LineCounter, text: string): FileProblem[] {
  const tabs = text.split('\n').flatMap((line, index) => {
    const place = { line: index + 1, column: line.indexOf('\t') + 1 };
    return /^ *\t\s*\S/.test(line) ? [{ place, path: [], what: 'is indented with a tab; use spaces' }] : [];
  });
  if (tabs.length > 0) return tabs.slice(0, syntaxProblemsMax);
  const byLine = new Map<number, FileProblem>();
  for (const problem of faults.map((fault) => syntaxProblem(fault, lines))) {
    const known = byLine.get(problem.place.line);
    if (known === undefined || problem.place.column < known.place.column) byLine.set(problem.place.line, problem);
  }
  return [...byLine.values()].toSorted((a, b) => a.place.line - b.place.line).slice(0, syntaxProblemsMax);
}

function syntaxProblem({ code, message, pos }: YAMLError, lines: LineCounter): FileProblem {
  const said = message.split('\n')[0] ?? '';
  // The parser blames the line behind a list or map in brackets for its indentation.
  const isOpen = code === 'BAD_INDENT' && said.startsWith('Flow ');
  const what = isOpen ? openBracketWords : (syntaxWords[code] ?? `is not YAML: ${said}`);
  return { place: placeAt(lines, pos[0]), path: [], what };
}
