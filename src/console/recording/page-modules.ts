import { posix } from 'node:path';

/** The page has some thirty modules. */
const modulesMax = 200;

const relativeImport = /\bfrom\s*'(\.{1,2}\/[^']+)'/g;

/** What a module of the page is called by the others, because a module that has no address knows no relative ones. */
export function moduleName(path: string): string {
  return `parley/${path}`;
}

/**
 * Reads a module and all that it imports, and names every import in full. `read` takes a path below the folder of Parley, such as
 * `web/call/page.ts`, and returns what a browser reads, without types.
 */
export function pageModules(entry: string, read: (path: string) => string): ReadonlyMap<string, string> {
  const modules = new Map<string, string>();
  const waiting = [entry];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (modules.has(path) || modules.size >= modulesMax) continue;
    const folder = posix.dirname(path);
    const named = read(path).replaceAll(relativeImport, (_, relative: string) => {
      const target = posix.join(folder, relative);
      waiting.push(target);
      return `from '${moduleName(target)}'`;
    });
    modules.set(path, named);
  }
  return modules;
}
