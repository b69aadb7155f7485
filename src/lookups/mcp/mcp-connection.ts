import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import {
  CallToolResultSchema,
  type CallToolResult,
  ListToolsResultSchema,
  type Tool as ListedTool,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js';

import type { ToolLog } from '../../tools/tool.ts';
import { McpFailure, mcpFailure } from './mcp-failure.ts';

/** A program may have to be fetched first, as npx does. */
const connectMsMax = 30_000;

/** What a server needs to say what it can do. */
const listMsMax = 10_000;

/** Pages of a list. A server that always names another one would be asked for ever. */
const pagesMax = 20;

/** How long a server that is away is left alone: a second, then twice as long each time, up to a minute. */
const pauseMsFirst = 1_000;
const pauseMsMax = 60_000;

/** Calls that may run at once. More callers than these would wait for each other anyway. */
const callsMax = 20;

/** Servers that change their list often do it in bursts. */
const relistMs = 500;

/** How long a server that missed an answer has to show that it lives. */
const pingMsMax = 5_000;

/** What a connection is made with. */
interface ConnectionMeans {
  /** A new way to the server, each time that the old one broke. */
  readonly transport: () => Transport;
  readonly log: ToolLog;
  /** It is there, for the first time or again. */
  readonly onBack: () => void;
  /** Tests are in more of a hurry than a server that starts. */
  readonly pauseMs?: number;
}

/** A tool call on its way. */
interface McpCall {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** The same for each attempt at the same thing. */
  readonly key: string;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
}

/** The connection to a server. When it breaks it is made anew, in growing pauses; calls meanwhile fail at once. */
export class McpConnection {
  readonly #means: ConnectionMeans;
  /** Null while the server is away. */
  #client: Client | null = null;
  #tools: ReadonlyMap<string, ListedTool> = new Map();
  #isClosed = false;
  #pauseMs: number;
  #connectedAtMs = 0;
  #running = 0;
  #retry: NodeJS.Timeout | null = null;
  #relist: NodeJS.Timeout | null = null;

  constructor(means: ConnectionMeans) {
    this.#means = means;
    this.#pauseMs = means.pauseMs ?? pauseMsFirst;
  }

  /** The tools that the server has, by name. */
  get tools(): ReadonlyMap<string, ListedTool> {
    return this.#tools;
  }

  /** Connects. Throws when that fails. */
  async open(): Promise<void> {
    // What a server says about itself is not read: it would be an instruction of somebody whom nobody asked.
    const client = new Client({ name: 'parley', version: '1' }, { capabilities: {} });
    const transport = this.#means.transport();
    try {
      await client.connect(transport, { timeout: connectMsMax, maxTotalTimeout: connectMsMax });
      this.#tools = await listedTools(client);
    } catch (error) {
      await client.close().catch(() => {});
      await transport.close().catch(() => {});
      throw error;
    }
    if (this.#isClosed) return await client.close();
    this.#client = client;
    this.#connectedAtMs = performance.now();
    // The SDK calls one listener, which is a member.
    Object.assign(client, { onclose: () => this.#lost(client, 'closed') });
    client.setNotificationHandler(ToolListChangedNotificationSchema, () => this.#listChanged(client));
  }

  /** Throws an `McpFailure`. */
  async call({ name, args, key, signal, timeoutMs }: McpCall): Promise<CallToolResult> {
    const client = this.#client;
    if (client === null) throw new McpFailure('away', 'The server is away.');
    if (!this.#tools.has(name)) throw new McpFailure('gone', `The server has no tool ${name} any more.`);
    if (this.#running >= callsMax) throw new McpFailure('busy', `${callsMax} calls are running.`);
    this.#running += 1;
    try {
      const params = { name, arguments: args, _meta: { 'parley/idempotencyKey': key } };
      // The progress that a server reports gives it no more time: a caller waits.
      const options = { signal, timeout: timeoutMs, maxTotalTimeout: timeoutMs };
      return await client.request({ method: 'tools/call', params }, CallToolResultSchema, options);
    } catch (error) {
      const failure = mcpFailure(error, signal);
      if (failure.failure === 'lost') this.#lost(client, failure.message);
      if (failure.failure === 'tooSlow') void this.#probe(client);
      throw failure;
    } finally {
      this.#running -= 1;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const timer of [this.#retry, this.#relist]) if (timer !== null) clearTimeout(timer);
    const client = this.#client;
    this.#client = null;
    await client?.close().catch(() => {});
  }

  /** A server that is busy with one call answers a ping; one that hangs is started or reached anew. */
  async #probe(client: Client): Promise<void> {
    try {
      await client.ping({ timeout: pingMsMax });
    } catch {
      this.#lost(client, 'no answer to a ping');
    }
  }

  #lost(client: Client, why: string): void {
    if (this.#client !== client || this.#isClosed) return;
    this.#client = null;
    client.close().catch(() => {});
    const livedMs = performance.now() - this.#connectedAtMs;
    // One that dies as soon as it lives is not started every second.
    if (livedMs > pauseMsMax) this.#pauseMs = this.#means.pauseMs ?? pauseMsFirst;
    this.#means.log('mcpServerLost', { pauseMs: this.#pauseMs, pii: { why } });
    this.retryLater();
  }

  /** Tries again and again, until the server is there or the connection is closed. */
  retryLater(): void {
    if (this.#isClosed) return;
    this.#retry = setTimeout(() => {
      void this.#reconnect();
    }, this.#pauseMs);
    this.#retry.unref();
    this.#pauseMs = Math.min(2 * this.#pauseMs, pauseMsMax);
  }

  async #reconnect(): Promise<void> {
    try {
      await this.open();
    } catch {
      return this.retryLater();
    }
    if (this.#isClosed) return;
    this.#means.log('mcpServerBack', { tools: this.#tools.size });
    this.#means.onBack();
  }

  #listChanged(client: Client): void {
    this.#relist ??= setTimeout(() => {
      this.#relist = null;
      void this.#listAgain(client);
    }, relistMs).unref();
  }

  async #listAgain(client: Client): Promise<void> {
    try {
      const tools = await listedTools(client);
      if (this.#client === client) this.#tools = tools;
    } catch {
      this.#lost(client, 'its list of tools does not come');
    }
  }
}

async function listedTools(client: Client): Promise<ReadonlyMap<string, ListedTool>> {
  const tools = new Map<string, ListedTool>();
  let cursor: string | undefined;
  for (let page = 0; page < pagesMax; page += 1) {
    // The SDK's own `listTools` compiles what each tool says of its results, also of those that nobody wants, and one wrong one spoils all.
    const params = cursor === undefined ? {} : { cursor };
    const list = await client.request({ method: 'tools/list', params }, ListToolsResultSchema, { timeout: listMsMax });
    for (const tool of list.tools) tools.set(tool.name, tool);
    cursor = list.nextCursor;
    if (cursor === undefined) break;
  }
  return tools;
}
