import { z } from 'zod';

import { type FileProblem, problemLine } from '../../admin-file/file-problem.ts';
import { type FileTree, readFileTree } from '../../admin-file/file-tree.ts';
import { didYouMean, issueFaults } from '../../admin-file/issue-words.ts';
import { isJsonObject } from '../../encoding/json.ts';
import { readUtf8 } from '../../encoding/utf8.ts';
import { readRegularFileSync } from '../../system/regular-file.ts';
import { hostFields } from '../http/host-fields.ts';
import type { KindFields } from '../kind-fields.ts';
import { lookupFields } from '../lookup-fields.ts';
import { fillIn } from './environment-values.ts';
import { type ToolEntry, readToolEntry } from './tool-entry.ts';

/** A hundred tools with long descriptions. */
const fileBytesMax = 256_000;

/** Each is told to the model in every session, and a model confuses many. */
const toolsMax = 64;

const topMembers = ['tools', 'hosts'];

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
  const nothing = { tools: {}, hosts: [], problems };
  // What cannot be read has been said.
  if (value === undefined && unread.length > 0) return nothing;
  if (value === undefined) complain([], 'is empty; it wants tools:, and a name and kind for each');
  if (value !== undefined && !isJsonObject(value))
    complain([], 'is no map; it wants tools:, and a name and kind for each');
  if (!isJsonObject(value)) return nothing;
  for (const member of Object.keys(value).filter((name) => !topMembers.includes(name) && name !== '$schema')) {
    const isTool = isJsonObject(value[member]) && Object.hasOwn(value[member], 'kind');
    complain([member], `is not known here${isTool ? '; it belongs below tools:' : didYouMean(member, topMembers)}`);
  }
  const { tools } = value;
  if (tools === undefined) complain(['tools'], 'is missing; it wants a name and kind for each tool');
  else if (!isJsonObject(tools)) complain(['tools'], 'is no map; it wants the name of each tool, and its kind below');
  else if (Object.keys(tools).length === 0) complain(['tools'], 'holds no tool');
  else if (Object.keys(tools).length > toolsMax)
    complain(['tools'], `holds too many tools; it wants at most ${toolsMax}`);
  const filled = fillIn(value.hosts, ['hosts'], env, placeOf);
  problems.push(...filled.problems);
  const hosts = z.object({ hosts: hostFields }).safeParse({ hosts: filled.value });
  if (!hosts.success && filled.problems.length === 0) {
    for (const { path, what } of issueFaults(hosts.error.issues, { hosts: filled.value })) complain(path, what);
  }
  return {
    tools: isJsonObject(tools) ? tools : {},
    hosts: hosts.success && Array.isArray(filled.value) ? filled.value : [],
    problems,
  };
}

function readText(path: string): { readonly text: string } | { readonly problem: string } {
  const bytes = readRegularFileSync(path, fileBytesMax);
  if (typeof bytes === 'string') return fileFault(path, bytes);
  const read = readUtf8(bytes);
  if ('text' in read) return read;
  return fileFault(`${path}:${read.badLine}`, 'is not UTF-8 throughout; save it as UTF-8');
}

function fileFault(place: string, what: string): { readonly problem: string } {
  return { problem: `${place} the tools file ${what}.` };
}
