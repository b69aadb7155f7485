import { dirname } from 'node:path';
import type { KindFields } from '../lookups/kind-fields.ts';
import type { LookupLane } from '../lookups/lookup-kind.ts';
import { lookupFields } from '../lookups/lookup-fields.ts';
import { readToolsFile, type ToolsFileMeans } from '../lookups/tools-file/read-tools-file.ts';
import type { DeclaredTools } from './declared-tools.ts';
import type { ToolSource } from './tool-source.ts';

/** Reads a tools file, and says in which process each of its lookups runs. */
export function declaredTools(path: string, means: ToolsFileMeans): DeclaredTools {
  const sources = new Map<LookupLane, ToolSource[]>();
  const searches: DeclaredTools['searches'][number][] = [];
  const names: string[] = [];
  const kinds: Readonly<Record<string, KindFields>> = lookupFields;
  const read = readToolsFile(path, means);
  for (const { kind, options, fields, line } of read.tools) {
    names.push(...(kinds[kind]?.names?.(fields) ?? [options.name]));
    const lane = kinds[kind]?.lane?.(fields) ?? null;
    if (lane === null) searches.push({ name: options.name, place: `${path}:${line} tools.${options.name}` });
    else {
      const source: ToolSource = { type: 'lookup', lookup: { kind, options, fields, folder: dirname(path) } };
      sources.set(lane, [...(sources.get(lane) ?? []), source]);
    }
  }
  return { sources, names, problems: read.problems, searches };
}
