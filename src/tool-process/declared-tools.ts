import type { ToolLaneName, ToolSource } from './tool-source.ts';

/** What a place declares, such as a tools file, as it is opened. */
export interface DeclaredTools {
  /** By the process in which they are opened. */
  readonly sources: ReadonlyMap<ToolLaneName, readonly ToolSource[]>;
  /** The names of all lookups, also of those that offer nothing at the moment. */
  readonly names: readonly string[];
  /** What is wrong with the place, a line for each. */
  readonly problems: readonly string[];
  /** What has the model search the web by itself, and where in the file that stands: file, line and name. */
  readonly searches: readonly { readonly name: string; readonly place: string }[];
}

/** Nothing is declared. */
export const noDeclaredTools: DeclaredTools = { sources: new Map(), names: [], problems: [], searches: [] };
