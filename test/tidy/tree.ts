import { posix } from 'node:path';
import { codeOf, importsOf, type Source } from './rules.ts';

/** A file is then still read in one go. */
export const fileLinesMax = 300;

/** A folder is then still seen at one glance. */
export const folderFilesMax = 15;

/** The files that are too long, by their paths. */
export function longFiles(sources: readonly Source[]): string[] {
  return sources.filter(({ text }) => text.trimEnd().split('\n').length > fileLinesMax).map(({ path }) => path);
}

/** The folders that hold too many files of their own, by their paths. */
export function crowdedFolders(paths: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const folder of paths.map((path) => posix.dirname(path))) counts.set(folder, (counts.get(folder) ?? 0) + 1);
  return [...counts].filter(([, count]) => count > folderFilesMax).map(([folder]) => folder);
}

/** Names that more than one file exports, each with its files: `Name: one.ts, other.ts`. */
export function twins(sources: readonly Source[]): string[] {
  const homes = new Map<string, string[]>();
  for (const { path, text } of sources) {
    for (const name of new Set(exportsOf(text))) homes.set(name, [...(homes.get(name) ?? []), path]);
  }
  return [...homes].filter(([, paths]) => paths.length > 1).map(([name, paths]) => `${name}: ${paths.join(', ')}`);
}

/** Files that import each other in a circle, imports of types included: `one.ts, other.ts`. */
export function circles(sources: readonly Source[]): string[] {
  const imports = new Map(sources.map(({ path, text }) => [path, targetsOf(path, text)]));
  const reached = new Map([...imports.keys()].map((path) => [path, reachableFrom(path, imports)]));
  const isBothWays = (one: string, other: string): boolean =>
    reached.get(one)?.has(other) === true && reached.get(other)?.has(one) === true;
  const found = [...imports.keys()]
    .filter((path) => isBothWays(path, path))
    .map((path) => [...imports.keys()].filter((other) => isBothWays(path, other)).join(', '));
  return [...new Set(found)];
}

function exportsOf(text: string): string[] {
  const pattern = /^export (?:abstract |async )*(?:const|let|function\*?|class|interface|type) (\w+)/gm;
  return [...codeOf(text).matchAll(pattern)].map(([, name = '']) => name);
}

function targetsOf(path: string, text: string): string[] {
  return importsOf(text)
    .filter(({ name }) => name.startsWith('.'))
    .map(({ name }) => posix.join(posix.dirname(path), name));
}

function reachableFrom(path: string, imports: ReadonlyMap<string, readonly string[]>): Set<string> {
  const reached = new Set<string>();
  const next = [...(imports.get(path) ?? [])];
  for (let target = next.pop(); target !== undefined; target = next.pop()) {
    if (reached.has(target)) continue;
    reached.add(target);
    next.push(...(imports.get(target) ?? []));
  }
  return reached;
}
