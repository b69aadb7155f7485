import { sqlKind } from '../../../src/lookups/sql/sql-kind.ts';
import type { LookupOptions, OpenLookup } from '../../../src/lookups/lookup-kind.ts';
import type { ToolContext } from '../../../src/tools/tool.ts';
import { toolContext } from '../../tools/tool-context.ts';
import { lookupOptions } from '../lookup-options.ts';

interface Line {
  readonly event: string;
  readonly fields: unknown;
}

/** Lookups in one database, and what they wrote to the log. */
export class SqlScene {
  readonly #database: string;
  readonly #opened: OpenLookup[] = [];
  readonly lines: Line[] = [];

  constructor(database: string) {
    this.#database = database;
  }

  /** Opens an entry of the tools file, whose members are those of `fields`. */
  async open(fields: Readonly<Record<string, unknown>>, options: Partial<LookupOptions> = {}): Promise<OpenLookup> {
    const means = { path: (named: string) => named, log: this.#log, offer: () => {} };
    const parsed = sqlKind.fields.parse({ database: this.#database, ...fields });
    const lookup = await sqlKind.open(lookupOptions(options), parsed, means);
    this.#opened.push(lookup);
    return lookup;
  }

  /** Opens an entry and asks it once. */
  async ask(fields: Readonly<Record<string, unknown>>, args: unknown = {}, options: Partial<LookupOptions> = {}) {
    return await this.run(await this.open(fields, options), args);
  }

  async run({ tools }: OpenLookup, args: unknown = {}, context: Partial<ToolContext> = {}) {
    return (await tools[0]?.run(args, toolContext({ log: this.#log, ...context })))?.response;
  }

  async close(): Promise<void> {
    for (const lookup of this.#opened.splice(0)) await lookup.close();
  }

  readonly #log = (event: string, fields?: unknown): void => void this.lines.push({ event, fields });
}

/** A parameter of a type, as the tools file declares it. */
export function parameter(type: string, more: Readonly<Record<string, unknown>> = {}) {
  return { type, description: 'What is asked for.', ...more };
}

/** What somebody might say who wants more than an answer. */
export const injections = [
  "A1' OR '1'='1",
  "A1'; DROP TABLE orders; --",
  "A1' UNION SELECT secret, secret, secret FROM secrets --",
  'A1" OR ""="',
  "A1\\' OR 1=1 --",
  "A1' /*",
  ':number',
  '$1',
  '%',
  'A1\u0000',
  '${number}',
  "'||(SELECT secret FROM secrets)||'",
];
