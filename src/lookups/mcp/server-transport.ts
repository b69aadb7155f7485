import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';

import { ParleyError } from '../../errors.ts';
import { ChildTransport } from './child-transport.ts';
import { createMcpFetch } from './mcp-fetch.ts';
import type { McpFields } from './mcp-fields.ts';

/** How a server is reached. */
interface ServerAccess {
  /** A new way to it. */
  readonly transport: () => Transport;
  /** Adds to an error what else is known of it. */
  readonly tellMore: (why: string) => string;
  /** Whether the admin has to mend something first, and trying again would not help. */
  readonly isHopeless: (error: unknown) => boolean;
  /** Lets go of what outlives a single way. */
  readonly close: () => Promise<void>;
}

/** How to reach the server that an entry names. */
export function serverTransport(fields: McpFields, path: (named: string) => string): ServerAccess {
  const { url, headers = {}, command = '', args = [], env = {}, folder = '.' } = fields;
  if (url !== undefined) {
    const { fetch, close } = createMcpFetch(fields.hosts);
    return {
      transport: () => new StreamableHTTPClientTransport(new URL(url), { fetch, requestInit: { headers } }),
      tellMore: (why) => why,
      // An address that may not be asked.
      isHopeless: (error) => error instanceof ParleyError,
      close,
    };
  }
  let last: ChildTransport | null = null;
  return {
    transport: () => (last = new ChildTransport({ command, args, env, folder: path(folder) })),
    tellMore: (why) => (last === null || last.lastWords === '' ? why : `${why}. It said last: ${last.lastWords}`),
    isHopeless: () => last?.cannotStart ?? false,
    close: async () => await last?.close(),
  };
}
