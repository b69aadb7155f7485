import type { z } from 'zod';
import type { Tool, ToolLog } from '../tools/tool.ts';

/** What every entry of the tools file may say, whatever its kind. `null`: it does not say. */
export interface LookupOptions {
  readonly name: string;
  /** When to call it, told to the model; null only where the kind knows one of its own. */
  readonly description: string | null;
  readonly effect: 'read' | 'write' | null;
  readonly confirm: boolean;
  readonly timeoutMs: number | null;
}

/** What a lookup is opened with, in its tool process. */
export interface LookupMeans {
  /** The place of a file or folder that the tools file names, whose own folder relative paths count from. */
  readonly path: (named: string) => string;
  readonly log: ToolLog;
  /**
   * Offers these tools in the place of those before, such as those of a server that was away when the lookup was opened. The next calls have
   * them.
   */
  readonly offer: (tools: readonly Tool[]) => void;
}

/** A lookup that is ready. */
export interface OpenLookup {
  /** What the model is offered. None where there is nothing to look into; several where a server offers several. */
  readonly tools: readonly Tool[];
  /** What the admin probably did not mean, one sentence each. */
  readonly warnings: readonly string[];
  /** Lets go of files, connections and processes. Never throws. */
  readonly close: () => Promise<void>;
}

/** The processes in which lookups run, apart from the calls. What blocks or is killed in one does not hold up the others. */
export type LookupLane = 'web' | 'files' | 'sqlite';

/** One way to look something up, as the tools file names it by `kind`. */
export interface LookupKind<Fields extends z.ZodType = z.ZodType> {
  /** The members of an entry that are its own. What comes out can be sent to another process as JSON. */
  readonly fields: Fields;
  readonly lane: (fields: z.output<Fields>) => LookupLane;
  /** Opens it, in bounded time. Throws `tools.fileInvalid` with a sentence for the admin when it cannot be used. */
  readonly open: (options: LookupOptions, fields: z.output<Fields>, means: LookupMeans) => Promise<OpenLookup>;
}
