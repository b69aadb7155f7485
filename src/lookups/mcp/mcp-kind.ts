import { ParleyError } from '../../errors.ts';
import { within } from '../../system/within.ts';
import type { Tool, ToolLog } from '../../tools/tool.ts';
import type { LookupKind, LookupMeans, LookupOptions, OpenLookup } from '../lookup-kind.ts';
import { withoutSecrets } from '../without-secrets.ts';
import type { Hide } from './mcp-answer.ts';
import { McpConnection } from './mcp-connection.ts';
import { mcpFields, type McpFields } from './mcp-fields.ts';
import { serverTransport } from './server-transport.ts';
import { createMcpTool } from './mcp-tool.ts';

/** `mcp`: tools of a server that speaks the Model Context Protocol, as a program on this machine or over HTTP. */
export const mcpKind: LookupKind<typeof mcpFields> = {
  fields: mcpFields,
  lane: () => 'web',
  open: async (options, fields, means) => await openServer(options, fields, means),
};

/** What a server has to be there when the service starts. One that takes longer is offered later. */
const openMsMax = 10_000;

/** How soon a server must be there, and how soon one that is away is tried again. */
interface ServerPatience {
  readonly openMs?: number;
  readonly pauseMs?: number;
}

/**
 * Connects to a server and offers what is allowed of it. One that is away for the moment keeps nothing from starting: its tools are offered
 * when it is there. Throws `tools.fileInvalid` when something of it cannot be offered.
 */
export async function openServer(
  options: LookupOptions,
  fields: McpFields,
  { path, log, offer }: LookupMeans,
  { openMs = openMsMax, pauseMs }: ServerPatience = {},
): Promise<OpenLookup> {
  const server = serverTransport(fields, path);
  const hide = (text: string): string => withoutSecrets(text, fields.secrets);
  const say: ToolLog = (event, said) => log(event, { server: options.name, ...said });
  // The words of a server are taken once, so that it cannot change later what the model is told.
  let isOffered = false;
  const offerLate = (): void => {
    if (isOffered) return;
    isOffered = true;
    const { tools, problems } = offeredTools({ options, hide }, fields, connection);
    if (problems.length > 0) say('mcpToolsLeftOut', { problems });
    offer(tools);
  };
  const connection: McpConnection = new McpConnection({
    transport: server.transport,
    log: say,
    onBack: offerLate,
    ...(pauseMs === undefined ? {} : { pauseMs }),
  });
  const close = async (): Promise<void> => {
    await connection.close();
    await server.close();
  };
  const opening = connection.open().then(
    () => 'there' as const,
    (error: unknown) => ({ error }),
  );
  const opened = await within(opening, openMs);
  if (opened === 'there') {
    isOffered = true;
    const { tools, problems } = offeredTools({ options, hide }, fields, connection);
    if (problems.length === 0) return { tools, warnings: [], close };
    await close();
    throw new ParleyError('tools.fileInvalid', problems.join('\n'));
  }
  if (opened !== null && server.isHopeless(opened.error)) {
    await close();
    const why = hide(server.tellMore(wordsOf(opened.error)));
    throw new ParleyError('tools.fileInvalid', `The MCP server cannot be started or reached: ${why}.`);
  }
  void opening.then((outcome) => (outcome === 'there' ? offerLate() : connection.retryLater()));
  const why = opened === null ? `nothing came of it for ${openMs / 1000} s` : wordsOf(opened.error);
  const warning = `${options.name}: the MCP server does not answer: ${hide(server.tellMore(why))}. Its tools are offered as soon as it does.`;
  return { tools: [], warnings: [warning], close };
}

/** What an error says, and the code of what caused it: that nobody listens, or that there is no such host. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : '';
  return `${error.message.replace(/\.$/, '')}${code}`;
}

function offeredTools(
  offer: { readonly options: LookupOptions; readonly hide: Hide },
  fields: McpFields,
  connection: McpConnection,
) {
  const tools: Tool[] = [];
  const problems: string[] = [];
  for (const [name, wanted] of Object.entries(fields.tools)) {
    const listed = connection.tools.get(name);
    if (listed === undefined) {
      problems.push(`The MCP server has no tool ${name}. It has ${[...connection.tools.keys()].join(', ') || 'none'}.`);
      continue;
    }
    const tool = createMcpTool({ listed, wanted, ...offer }, () => connection);
    if (typeof tool === 'string') problems.push(tool);
    else if (tools.some((other) => other.name === tool.name)) {
      problems.push(`Two tools would be named ${tool.name}; give one of them another name with "as".`);
    } else tools.push(tool);
  }
  return { tools, problems };
}
