import { z } from 'zod';

import type { FileTree } from '../../admin-file/file-tree.ts';
import type { FileProblem, MemberPath } from '../../admin-file/file-problem.ts';
import { didYouMean, issueFaults, meantName } from '../../admin-file/issue-words.ts';
import { isJsonObject, type JsonObject } from '../../encoding/json.ts';
import { toolNameForm } from '../../tools/tool.ts';
import type { KindFields } from '../kind-fields.ts';
import type { LookupOptions } from '../lookup-kind.ts';
import { withoutSecrets } from '../without-secrets.ts';
import { optionFields } from './entry-options.ts';
import { fillIn } from './environment-values.ts';
import { otherWords } from './other-words.ts';

/** A tool that the file declares. */
export interface ToolEntry {
  readonly name: string;
  readonly kind: string;
  /** Where it stands in the file. */
  readonly line: number;
  readonly options: LookupOptions;
  /** The members of its kind, checked. They hold the secrets that it needs. */
  readonly fields: JsonObject;
}

/** What an entry is read with. */
export interface EntryMeans {
  readonly tree: FileTree;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly kinds: Readonly<Record<string, KindFields>>;
  /** Names that are given away already. */
  readonly taken: ReadonlySet<string>;
  /** The hosts that are allowed for the whole file. */
  readonly hosts: readonly unknown[];
}

/** Reads one entry of the file. `tool` is null where a problem leaves nothing to be used. */
export function readToolEntry(
  name: string,
  entry: unknown,
  means: EntryMeans,
): { tool: ToolEntry | null; problems: readonly FileProblem[] } {
  const path = ['tools', name];
  const problems: FileProblem[] = [];
  const complain = (inner: MemberPath, what: string): void => {
    const at = [...path, ...inner];
    problems.push({ place: means.tree.placeOf(at), path: at, what });
  };
  complainOfName(name, means.taken, complain);
  if (!isJsonObject(entry)) {
    complain([], 'is no map; it wants kind, description and what the kind needs');
    return { tool: null, problems };
  }
  const kindMember = memberOfKind(entry, means.kinds);
  const kindName = readKind(entry, kindMember, Object.keys(means.kinds), complain);
  const kind = kindName === null ? undefined : means.kinds[kindName];
  if (kindName === null || kind === undefined) return { tool: null, problems };
  const { [kindMember]: _, ...others } = entry;
  const { own, common, unknown } = sortedMembers(others, kind);
  const known = [...Object.keys(kind.takesOptions ? optionFields : {}), ...ownNames(kind)];
  for (const member of unknown) complain([member], `is not known here${didYouMean(member, known, otherWords)}`);
  const options = kind.takesOptions ? readOptions(name, common, kind, complain) : noOptions(name);
  const fields = readFields(own, kind, { ...means, path, complain, problems });
  if (options !== null && fields !== null) {
    for (const { path: inner, what } of kind.together?.(options, fields) ?? []) complain(inner, what);
  }
  const isUsable = problems.length === 0 && options !== null && fields !== null;
  const { line } = means.tree.placeOf(path);
  return { tool: isUsable ? { name, kind: kindName, line, options, fields } : null, problems };
}

type Complain = (inner: MemberPath, what: string) => void;

function complainOfName(name: string, taken: ReadonlySet<string>, complain: Complain): void {
  if (!toolNameForm.test(name))
    complain([], 'is no name for a tool: it wants small letters, digits and "_", at most 64');
  if (taken.has(name)) complain([], 'has the name of a tool that Parley brings along; it wants another one');
}

/** The member that says the kind, or that was to say it: what is a member of some kind says something else. */
function memberOfKind(entry: JsonObject, kinds: EntryMeans['kinds']): string {
  if (Object.hasOwn(entry, 'kind')) return 'kind';
  const others = new Set([...Object.keys(optionFields), ...Object.values(kinds).flatMap(ownNames)]);
  const slips = Object.keys(entry).filter((name) => !others.has(name));
  return slips.find((name) => meantName(name, ['kind'], otherWords) === 'kind') ?? 'kind';
}

/** The kind of an entry. One that is a slip away is told, and read on with: the other slips are told with it. Null where none was meant. */
function readKind(entry: JsonObject, member: string, kinds: readonly string[], complain: Complain): string | null {
  if (member !== 'kind') complain([member], 'is not known here; did you mean kind');
  const { [member]: kind } = entry;
  if (typeof kind === 'string' && kinds.includes(kind)) return kind;
  const fault = kind === undefined ? 'missing' : JSON.stringify(kind);
  complain([member], `is ${fault}; it wants one of ${kinds.join(', ')}${didYouMean(kind, kinds)}`);
  return meantName(kind, kinds);
}

/** Shorter values of the environment are settings: to take them out of every answer would garble answers. */
const secretCharactersMin = 8;

/** Filled in by the reader, and not for the file to say. */
const secretsMember = 'secrets';

/** The members of a kind that a file may name. */
export function ownNames({ fields }: KindFields): string[] {
  return Object.keys(fields.shape).filter((name) => name !== secretsMember);
}

function sortedMembers(entry: JsonObject, kind: KindFields) {
  const own: Record<string, unknown> = {};
  const common: Record<string, unknown> = {};
  const unknown: string[] = [];
  const names = new Set(ownNames(kind));
  for (const [member, value] of Object.entries(entry)) {
    if (names.has(member)) own[member] = value;
    else if (kind.takesOptions && Object.hasOwn(optionFields, member)) common[member] = value;
    else unknown.push(member);
  }
  return { own, common, unknown };
}

function readOptions(
  name: string,
  common: Record<string, unknown>,
  kind: KindFields,
  complain: Complain,
): LookupOptions | null {
  const { description, ...others } = optionFields;
  const form = z.object({ ...others, description: kind.describesItself ? description.optional() : description });
  const parsed = form.safeParse(common, { reportInput: false });
  if (!parsed.success) {
    for (const { path, what } of issueFaults(parsed.error.issues, common)) complain(path, what);
    return null;
  }
  const { data } = parsed;
  if (data.confirm === true && (data.effect ?? kind.effectUsual) !== 'write') {
    complain(['confirm'], 'is true, and a read changes nothing that could be confirmed; it wants effect: write');
  }
  return {
    name,
    description: data.description ?? null,
    effect: data.effect ?? null,
    confirm: data.confirm ?? false,
    timeoutMs: data.timeout_ms ?? null,
  };
}

function noOptions(name: string): LookupOptions {
  return { name, description: null, effect: null, confirm: false, timeoutMs: null };
}

function readFields(
  own: Record<string, unknown>,
  { fields: form }: KindFields,
  means: EntryMeans & { readonly path: MemberPath; readonly complain: Complain; readonly problems: FileProblem[] },
): JsonObject | null {
  const { path, complain, problems } = means;
  const { value, secrets, problems: unset } = fillIn(own, path, means.env, means.tree.placeOf);
  problems.push(...unset);
  const given = { ...Object(value) };
  const { hosts: ownHosts = [] } = given;
  // What is no list is told as such.
  if ('hosts' in form.shape && Array.isArray(ownHosts)) given.hosts = [...ownHosts, ...means.hosts];
  if (secretsMember in form.shape) {
    given[secretsMember] = secrets.filter(({ length }) => length >= secretCharactersMin);
  }
  const parsed = form.safeParse(given);
  if (parsed.success) return parsed.data;
  for (const fault of issueFaults(parsed.error.issues, given)) {
    // What lacks its secret is not what the file says.
    const isUnfilled = unset.some(({ path: at }) => isWithin([...path, ...fault.path], at));
    if (!isUnfilled) complain(fault.path, withoutSecrets(fault.what, secrets));
  }
  return null;
}

function isWithin(path: MemberPath, other: MemberPath): boolean {
  return path.every((step, index) => index >= other.length || other[index] === step);
}
