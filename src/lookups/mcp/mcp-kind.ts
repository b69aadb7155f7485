import { ParleyError } from '../../errors.ts';
import type { Tool } from '../../tools/tool.ts';
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

/** Connects to a server and offers what is allowed of it. Throws `tools.fileInvalid` when something of it cannot be offered. */
export async function openServer(
  options: LookupOptions,
  fields: McpFields,
  { path, log }: LookupMeans,
  pauseMs?: number,
): Promise<OpenLookup> {
  const server = serverTransport(fields, path);
  const hide = (text: string): string => withoutSecrets(text, fields.secrets);
  const connection = new McpConnection({
    transport: server.transport,
    log: (event, said) => log(event, { server: options.name, ...said }),
    ...(pauseMs === undefined ? {} : { pauseMs }),
  });
  const close = async (): Promise<void> => {
    await connection.close();
    await server.close();
  };
  try {
    await connection.open();
  } catch (error) {
    await close();
    const why = error instanceof Error ? error.message : String(error);
    throw new ParleyError(
      'tools.fileInvalid',
      `${options.name}: the MCP server does not answer: ${hide(server.tellMore(why))}.`,
    );
  }
  const { tools, problems } = offeredTools({ options, hide }, fields, connection);
  if (problems.length === 0) return { tools, warnings: [], close };
  await close();
  throw new ParleyError('tools.fileInvalid', problems.map((problem) => `${options.name}: ${problem}`).join('\n'));
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
      problems.push(`the MCP server has no tool ${name}. It has ${[...connection.tools.keys()].join(', ') || 'none'}.`);
      continue;
    }
    const tool = createMcpTool({ listed, wanted, ...offer }, () => connection);
    if (typeof tool === 'string') problems.push(tool);
    else if (tools.some((other) => other.name === tool.name)) {
      problems.push(`two tools would be named ${tool.name}; give one of them another name with "as".`);
    } else tools.push(tool);
  }
  return { tools, problems };
}
