import type { LookupLane, LookupOptions } from '../lookups/lookup-kind.ts';

/** The tool processes, one each. In `code` runs what the admin wrote as a program. */
export type ToolLaneName = 'code' | LookupLane;

/** A lookup as the tools file declares it. */
export interface LookupEntry {
  readonly kind: string;
  readonly options: LookupOptions;
  /** What came out of the `fields` of its kind. */
  readonly fields: unknown;
  /** Where relative paths of its fields begin. */
  readonly folder: string;
}

/** What a tool process opens. All of it can be sent to another process as JSON. */
export type ToolSource =
  /** A folder of TypeScript and JavaScript files, and the hosts of this network that they may ask. */
  | { readonly type: 'folder'; readonly folder: string; readonly privateHosts: readonly string[] }
  | { readonly type: 'lookup'; readonly lookup: LookupEntry };
