import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { cannotBeRead } from '../../errors.ts';
import { within } from '../../system/within.ts';
import { isDefinedTool, type Tool } from '../../tools/tool.ts';
import { loadProblem } from './load-problem.ts';

/** A file is read and run once; what takes longer belongs in `run`. */
const loadMsMax = 10_000;

/** More would take longer to start than to answer, and no model tells so many tools apart. */
const filesMax = 100;

interface LoadedFile {
  readonly path: string;
  readonly tools: readonly Tool[];
  readonly problem: string | null;
}

/** Loads the tools of a folder, file after file, and says before each which one it is. Files of tests are no tools. */
export async function loadToolsFolder(folder: string, begin: (path: string) => void): Promise<readonly LoadedFile[]> {
  const names = namesIn(folder);
  if (typeof names === 'string') return [{ path: folder, tools: [], problem: names }];
  const loaded: LoadedFile[] = [];
  for (const name of names) {
    const path = join(folder, name);
    begin(path);
    loaded.push(await loadFile(path));
  }
  return loaded;
}

function namesIn(folder: string): readonly string[] | string {
  try {
    const names = readdirSync(folder, { withFileTypes: true })
      .filter((entry) => !entry.isDirectory())
      .map(({ name }) => name)
      .filter((name) => /^[^.].*(?<!\.d|\.test)\.[tj]s$/.test(name))
      .toSorted();
    return names.length > filesMax ? `${folder} holds more than ${filesMax} files.` : names;
  } catch (error) {
    return `${folder} ${cannotBeRead(error)}.`;
  }
}

async function loadFile(path: string): Promise<LoadedFile> {
  const outcome = await within(importFile(path), loadMsMax);
  if (outcome === null) {
    return { path, tools: [], problem: `${path} cannot be loaded: it was not done after ${loadMsMax / 1000} s.` };
  }
  if ('error' in outcome) return { path, tools: [], problem: loadProblem(path, outcome.error) };
  const tools = [...new Set(outcome.exported.filter(isDefinedTool))];
  const none = `${path} exports no tool that was made by defineTool. What is no tool lies in a folder below.`;
  return { path, tools, problem: tools.length === 0 ? none : null };
}

async function importFile(path: string): Promise<{ readonly exported: unknown[] } | { readonly error: unknown }> {
  try {
    const loaded: unknown = await import(pathToFileURL(path).href);
    return { exported: Object.values(Object(loaded)) };
  } catch (error) {
    return { error };
  }
}
