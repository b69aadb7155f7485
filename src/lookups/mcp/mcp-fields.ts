import { z } from 'zod';

import { hostFault, hostFields } from '../http/host-fields.ts';

/** The model confuses many tools, and is told each of them in every session. */
const toolsMax = 40;

const words = z.string().min(1).max(4_000);

const toolName = z.string().regex(/^[a-z][a-z0-9_]{0,63}$/, {
  error: 'is no name for a tool: it wants small letters, digits and "_", at most 64',
});

const allowedTool = z
  .strictObject({
    as: toolName.optional().describe("The name by which the model knows it. Usually the server's own."),
    effect: z
      .enum(['read', 'write'])
      .optional()
      .describe('Whether it changes something. Usually what the entry says, and else write.'),
    confirm: z.boolean().optional().describe('Whether the caller must have said yes first. Only for a write.'),
    description: words
      .optional()
      .describe("When to call it, told to the model in place of the server's own description."),
  })
  .nullable();

/** What an entry of kind `mcp` says: a server, as a program or by its address, and which of its tools the model may call. */
export const mcpFields = z
  .strictObject({
    command: words.optional().describe('The program to start, which speaks MCP on its standard input and output.'),
    args: z.array(z.string().max(4_000)).max(50).optional().describe('What the program is started with.'),
    env: z
      .record(z.string().min(1), z.string().max(4_000))
      .optional()
      .describe('Its environment, beside PATH and HOME. ${NAME} is taken from ours.'),
    folder: words.optional().describe('The folder in which the program runs. Usually that of this file.'),
    url: z
      .url({ protocol: /^https?$/, error: 'is no address such as https://example.com/mcp' })
      .optional()
      .describe('The address of a server that speaks streamable HTTP.'),
    headers: z
      .record(z.string().min(1), z.string().max(4_000))
      .optional()
      .describe('Headers of each request. ${NAME} is taken from the environment.'),
    hosts: hostFields,
    tools: z
      .record(z.string().min(1).max(200), allowedTool)
      .refine((tools) => Object.keys(tools).length > 0, {
        error: 'names no tool; it wants each that the model may call',
      })
      .refine((tools) => Object.keys(tools).length <= toolsMax, {
        error: `names too many tools; it wants at most ${toolsMax}`,
      })
      .describe('The tools that the model may call, by the names that the server gives them. Others are not offered.'),
    secrets: z.array(z.string()).default([]),
  })
  .superRefine(({ command, args, env, folder, url, headers, hosts }, context) => {
    const complain = (member: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [member], message });
    if ((command === undefined) === (url === undefined)) {
      context.addIssue({ code: 'custom', message: 'wants either a command or a url' });
    }
    if (url !== undefined) {
      const fault = hostFault(new URL(url), hosts);
      if (fault !== null) complain('url', fault);
      for (const [member, value] of Object.entries({ args, env, folder })) {
        if (value !== undefined) complain(member, 'belongs to a command, and this server has a url');
      }
    } else if (headers !== undefined) complain('headers', 'belongs to a url, and this server is a command');
  });

/** The name by which the model knows a tool of a server: its own, with what Gemini does not take written otherwise, unless the admin says one. */
export function offeredName(ownName: string, wanted: McpFields['tools'][string]): string {
  const { as: alias } = wanted ?? {};
  return alias ?? ownName.toLowerCase().replaceAll(/[^a-z0-9_]/g, '_');
}

/** What an entry of kind `mcp` says. */
export type McpFields = z.output<typeof mcpFields>;
