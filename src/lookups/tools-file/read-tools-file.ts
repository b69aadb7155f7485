import { z } from 'zod';

import { type FileProblem, problemLine } from '../../admin-file/file-problem.ts';
import { type FileTree, readFileTree } from '../../admin-file/file-tree.ts';
import { issueFaults } from '../../admin-file/issue-words.ts';
import { namedEntries } from '../../admin-file/named-entries.ts';
import { isJsonObject } from '../../encoding/json.ts';
import { readUtf8 } from '../../encoding/utf8.ts';
import { readRegularFileSync } from '../../system/files/regular-file.ts';
import { hostFields } from '../http/host-fields.ts';
import type { KindFields } from '../kind-fields.ts';
import { lookupFields } from '../lookup-fields.ts';
import { fillIn } from './environment-values.ts';
import { type ToolEntry, readToolEntry } from './tool-entry.ts';

/** A hundred tools with long descriptions. */
const fileBytesMax = 256_000;

/** Each is told to the model in every session, and a model confuses many. */
const toolsMax = 64;

const layout = {
  member: 'tools',
  others: ['hosts'],
  entriesMax: toolsMax,
  wants: 'tools:, and a name and kind for each',
  isEntry: (value: unknown): boolean => isJsonObject(value) && Object.hasOwn(value, 'kind'),
};

/** What the file is read with, beside itself. */
export interface ToolsFileMeans {
  /** Where `${NAME}` comes from. */
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Names of tools that there are already. */
  readonly taken?: readonly string[];
  readonly kinds?: Readonly<Record<string, KindFields>>;
}

/** Reads TOOLS_FILE. A problem is one line: file, line, column, member and remedy. */
export function readToolsFile(
  path: string,
  means: ToolsFileMeans,
): { readonly tools: readonly ToolEntry[]; readonly problems: readonly string[] } {
  const read = readText(path);
  if ('problem' in read) return { tools: [], problems: [read.problem] };
  const { tools, problems } = parseToolsFile(read.text, means);
  return { tools, problems: problems.map((problem) => problemLine(path, problem)) };
}

/** The tools that a file's text declares, and all that is wrong with it, in the order of its lines. */
export function parseToolsFile(
  text: string,
  { env, taken = [], kinds = lookupFields }: ToolsFileMeans,
): { readonly tools: readonly ToolEntry[]; readonly problems: readonly FileProblem[] } {
  const tree = readFileTree(text);
  const top = readTop(tree, env);
  const problems = [...tree.problems, ...top.problems];
  const tools: ToolEntry[] = [];
  for (const [name, entry] of Object.entries(top.tools)) {
    const read = readToolEntry(name, entry, { tree, env, kinds, taken: new Set(taken), hosts: top.hosts });
    problems.push(...read.problems);
    if (read.tool !== null) tools.push(read.tool);
  }
  const inOrder = problems.toSorted((a, b) => a.place.line - b.place.line || a.place.column - b.place.column);
  return { tools, problems: inOrder };
}

interface Top {
  readonly tools: Readonly<Record<string, unknown>>;
  readonly hosts: readonly unknown[];
  readonly problems: readonly FileProblem[];
}

function readTop({ value, placeOf, problems: unread }: FileTree, env: ToolsFileMeans['env']): Top {
  const problems: FileProblem[] = [];
  const complain = (path: readonly PropertyKey[], what: string): void => {
    problems.push({ place: placeOf(path), path, what });
  };
  const tools = namedEntries(value, unread.length === 0, layout, complain);
  if (!isJsonObject(value)) return { tools, hosts: [], problems };
  if (isJsonObject(value.tools) && Object.keys(value.tools).length === 0) complain(['tools'], 'holds no tool');
  const filled = fillIn(value.hosts, ['hosts'], env, placeOf);
  problems.push(...filled.problems);
  const hosts = z.object({ hosts: hostFields }).safeParse({ hosts: filled.value });
  if (!hosts.success && filled.problems.length === 0) {
    for (const { path, what } of issueFaults(hosts.error.issues, { hosts: filled.value })) complain(path, what);
  }
  return {
    tools,
    hosts: hosts.success && Array.isArray(filled.value) ? filled.value : [],
    problems,
  };
}

function readText(path: string): { readonly text: string } | { readonly problem: string } {
  const bytes = readRegularFileSync(path, fileBytesMax);
  if (typeof bytes === 'string') return { problem: `TOOLS_FILE names ${path}, which ${bytes}.` };
  const read = readUtf8(bytes);
  if ('text' in read) return read;
  return { problem: `${path}:${read.badLine} the tools file is not UTF-8 throughout; save it as UTF-8.` };
}
