import type { z } from 'zod';

import type { MemberFault } from '../admin-file/issue-words.ts';
import type { JsonObject } from '../encoding/json.ts';
import type { LookupLane, LookupOptions } from './lookup-kind.ts';

/** What the tools file may say of one kind of tool. Read in the main process, so it knows no library but zod. */
export interface KindFields {
  /** The members of an entry that are the kind's own, as a strict object. */
  readonly fields: z.ZodObject;
  /** The process in which it runs, as its kind says as well; null when it is no lookup. */
  readonly lane: ((fields: JsonObject) => LookupLane) | null;
  /** Whether it can tell the model by itself when to call its tools. */
  readonly describesItself: boolean;
  /** What it does where the entry does not say. */
  readonly effectUsual: 'read' | 'write';
  /** Whether it takes `description`, `effect`, `confirm` and `timeout_ms`; not if it is no tool of Parley's. */
  readonly takesOptions: boolean;
  /** The names of its tools, if it is more than one of the entry's own name. They are known also while it offers none. */
  readonly names?: (fields: JsonObject) => readonly string[];
  /** What is wrong with options and members together, where the kind has such rules. */
  readonly together?: (options: LookupOptions, fields: JsonObject) => readonly MemberFault[];
}
