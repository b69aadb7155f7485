import type { LookupTable } from './lookup-table.ts';
import { spokenKey, spokenWords } from './spoken-key.ts';

/** How well records fit: `exact` if a whole value is what was asked for, `similar` if a part of the record is. */
export interface LookupMatches {
  readonly fit: 'exact' | 'similar';
  readonly records: readonly (readonly string[])[];
}

/** Finds at most `recordsMax` records; with a column, by that column's values if any of them fits. */
export type LookupSearch = (query: string, column: string | null, recordsMax: number) => LookupMatches;

/** Shorter parts of names and codes fit too many records by chance. */
const partCharactersMin = 3;

interface Entry {
  readonly values: readonly string[];
  /** The spoken key of each value. */
  readonly keys: readonly string[];
  readonly allKeys: string;
}

/** Prepares a table for searching, so that a search in the middle of a call compares texts and does nothing else. */
export function createLookupSearch(table: LookupTable): LookupSearch {
  const entries = table.records.map((values): Entry => {
    const keys = values.map(spokenKey);
    return { values, keys, allKeys: keys.join('\n') };
  });
  const entriesByKey = indexByKey(entries);

  return (query, column, recordsMax) => {
    const key = spokenKey(query);
    const isSimilar = similarity(query, key);
    const find = (columnIndex: number | null): LookupMatches => {
      const textOf = ({ keys, allKeys }: Entry): string => (columnIndex === null ? allKeys : (keys[columnIndex] ?? ''));
      const sameKey = entriesByKey.get(key) ?? [];
      const exact = firstOf(sameKey, (entry) => columnIndex === null || textOf(entry) === key, recordsMax);
      if (exact.length > 0) return { fit: 'exact', records: exact };
      return { fit: 'similar', records: firstOf(entries, (entry) => isSimilar(textOf(entry)), recordsMax) };
    };
    // The model may be wrong about the column, and the caller does not know columns.
    const matches = column === null ? null : find(table.columns.indexOf(column));
    return matches === null || matches.records.length === 0 ? find(null) : matches;
  };
}

function indexByKey(entries: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  const index = new Map<string, Entry[]>();
  for (const entry of entries) {
    for (const key of new Set(entry.keys)) {
      const sameKey = index.get(key);
      if (sameKey === undefined) index.set(key, [entry]);
      else sameKey.push(entry);
    }
  }
  // An empty value is no value, and a query of nothing but punctuation has the same key.
  index.delete('');
  return index;
}

function firstOf(entries: readonly Entry[], fits: (entry: Entry) => boolean, max: number): (readonly string[])[] {
  const found: (readonly string[])[] = [];
  for (const entry of entries) {
    if (fits(entry)) found.push(entry.values);
    if (found.length === max) break;
  }
  return found;
}

/**
 * Whether a text holds the query as one piece, or, in a query without digits, each of its longer words in any order.
 * Digits get no such freedom: "B 1042" must not find A1042.
 */
function similarity(query: string, key: string): (text: string) => boolean {
  if (key.length < partCharactersMin) return () => false;
  const words = /\d/.test(key) ? [] : spokenWords(query).filter((word) => word.length >= partCharactersMin);
  return (text) => text.includes(key) || (words.length > 0 && words.every((word) => text.includes(word)));
}
