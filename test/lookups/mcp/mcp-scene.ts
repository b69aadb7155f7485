import { fileURLToPath } from 'node:url';

import type { LookupOptions, OpenLookup } from '../../../src/lookups/lookup-kind.ts';
import { mcpKind, openServer } from '../../../src/lookups/mcp/mcp-kind.ts';
import type { Tool, ToolContext } from '../../../src/tools/tool.ts';
import { toolContext } from '../../tools/tool-context.ts';
import { lookupOptions } from '../lookup-options.ts';

/** The test server as a program. */
export const serverPath = fileURLToPath(new URL('stdio-server.ts', import.meta.url));

/** The fields of an entry that starts the test server. */
export function program(more: Readonly<Record<string, unknown>>, args: readonly string[] = []) {
  return { command: process.execPath, args: [serverPath, ...args], ...more };
}

/** Servers that are open, and what was written to the log. */
export class McpScene {
  readonly lines: { readonly event: string; readonly fields: unknown }[] = [];
  /** What was offered after the lookup was open. */
  readonly offers: (readonly Tool[])[] = [];
  readonly #opened: OpenLookup[] = [];

  async open(
    fields: Readonly<Record<string, unknown>>,
    options: Partial<LookupOptions> = {},
    openMs?: number,
  ): Promise<OpenLookup> {
    const means = {
      path: (named: string) => named,
      log: this.#log,
      offer: (tools: readonly Tool[]) => void this.offers.push(tools),
    };
    const lookup = await openServer(lookupOptions(options), mcpKind.fields.parse(fields), means, {
      pauseMs: 10,
      ...(openMs === undefined ? {} : { openMs }),
    });
    this.#opened.push(lookup);
    return lookup;
  }

  async run({ tools }: OpenLookup, name: string, args: unknown = {}, context: Partial<ToolContext> = {}) {
    const tool = tools.find((one) => one.name === name);
    return (await tool?.run(args, toolContext({ log: this.#log, ...context })))?.response;
  }

  count(event: string): number {
    return this.lines.filter((line) => line.event === event).length;
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.splice(0).map(async (lookup) => await lookup.close()));
    this.lines.length = 0;
    this.offers.length = 0;
  }

  readonly #log = (event: string, fields?: unknown): void => void this.lines.push({ event, fields });
}
