import { isJsonObject } from '../encoding/json.ts';
import type { MemberPath } from './file-problem.ts';
import { didYouMean } from './issue-words.ts';

/** How a file is laid out whose entries stand by name below one of its members. */
interface EntriesLayout {
  /** That member, such as `tools`. */
  readonly member: string;
  /** What else the file may hold. */
  readonly others: readonly string[];
  readonly entriesMax: number;
  /** What the file wants, such as "tools:, and a name and kind for each". */
  readonly wants: string;
  /** Whether a value that stands beside the member looks like an entry. */
  readonly isEntry: (value: unknown) => boolean;
}

/**
 * The entries of a file by name, unchecked; none where the file is laid out in another way, of which `complain` is told. `isWhole`: what
 * is not there is missing, and was not only unreadable.
 */
export function namedEntries(
  value: unknown,
  isWhole: boolean,
  { member, others, entriesMax, wants, isEntry }: EntriesLayout,
  complain: (path: MemberPath, what: string) => void,
): Readonly<Record<string, unknown>> {
  if (value === undefined) {
    if (isWhole) complain([], `is empty; it wants ${wants}`);
    return {};
  }
  if (!isJsonObject(value)) {
    complain([], `is no map; it wants ${wants}`);
    return {};
  }
  const known = [member, ...others];
  for (const name of Object.keys(value).filter((one) => !known.includes(one) && one !== '$schema')) {
    const remedy = isEntry(value[name]) ? `; it belongs below ${member}:` : didYouMean(name, known);
    complain([name], `is not known here${remedy}`);
  }
  const entries = value[member];
  if (isJsonObject(entries) && Object.keys(entries).length <= entriesMax) return entries;
  if (isJsonObject(entries)) complain([member], `holds too many; it wants at most ${entriesMax}`);
  else if (entries !== undefined) complain([member], 'is no map; it wants a name for each, and its members below');
  else if (isWhole) complain([], `holds no ${member}; it wants ${wants}`);
  return {};
}
