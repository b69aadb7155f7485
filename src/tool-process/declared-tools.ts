import type { LookupLane } from '../lookups/lookup-kind.ts';
import type { ToolSource } from './tool-source.ts';

/** What a tools file declares, as it is opened. */
export interface DeclaredTools {
  readonly sources: ReadonlyMap<LookupLane, readonly ToolSource[]>;
  /** What is wrong with the file, a line for each. */
  readonly problems: readonly string[];
  /** The places in the file that have the model search the web by itself: file, line and name. */
  readonly searches: readonly string[];
}

/** No tools file. */
export const noDeclaredTools: DeclaredTools = { sources: new Map(), problems: [], searches: [] };
