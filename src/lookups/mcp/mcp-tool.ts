import type { Tool as ListedTool } from '@modelcontextprotocol/sdk/types.js';

import { ParleyError } from '../../errors.ts';
import { cappedText } from '../../tools/record-sentences.ts';
import { type Tool, toolMsUsual, toolNameForm } from '../../tools/tool.ts';
import type { LookupOptions } from '../lookup-kind.ts';
import { type Hide, mcpFailureAnswer, resultAnswer } from './mcp-answer.ts';
import type { McpConnection } from './mcp-connection.ts';
import { McpFailure } from './mcp-failure.ts';
import { type McpFields, offeredName } from './mcp-fields.ts';
import { argumentSchema } from './mcp-schema.ts';

/** The model reads it in every session, and some servers put their whole manual there. */
const descriptionCharactersMax = 1_500;

/** What of a failure the log shows. */
const faultCharactersMax = 500;

/** The part of a tool's time that the server has. The rest is for the answer's way back. */
const serverShare = 0.9;

/** A tool of a server, and how the admin wants it offered. */
interface OfferedTool {
  readonly listed: ListedTool;
  readonly wanted: McpFields['tools'][string];
  readonly options: LookupOptions;
  readonly hide: Hide;
}

/** Makes a tool of what the server lists, or says in a sentence why that cannot be. */
export function createMcpTool(
  { listed, wanted, options, hide }: OfferedTool,
  connection: () => McpConnection,
): Tool | string {
  const name = offeredName(listed.name, wanted);
  if (!toolNameForm.test(name)) return `${listed.name} has a name that Gemini does not take; give it one with "as".`;
  const effect = wanted?.effect ?? options.effect ?? 'write';
  if (effect === 'read' && wanted?.confirm === true) return `${listed.name} changes nothing that could be confirmed.`;
  const description = wanted?.description ?? listed.description ?? listed.title ?? '';
  if (description.trim() === '') return `${listed.name} has no description; give it one with "description".`;
  const schema = argumentSchema(listed);
  if (typeof schema === 'string') return `${listed.name} has a schema that ${schema}.`;
  const timeoutMs = options.timeoutMs ?? toolMsUsual;
  return {
    name,
    description: cappedText(description, descriptionCharactersMax),
    behavior: 'blocking',
    effect,
    timeoutMs,
    confirm: effect === 'write' && (wanted?.confirm ?? options.confirm),
    parameters: schema.declared,
    run: async (args, { signal, key, log }) => {
      const checked = schema.check(args);
      if (typeof checked === 'string') {
        throw new ParleyError('tool.argumentsInvalid', `The arguments of ${name} do not fit. ${checked}.`);
      }
      try {
        const call = { name: listed.name, args: checked, key, signal, timeoutMs: timeoutMs * serverShare };
        return { response: resultAnswer(await connection().call(call), hide) };
      } catch (error) {
        if (!(error instanceof McpFailure)) throw error;
        log('mcpFailed', {
          failure: error.failure,
          pii: { message: cappedText(hide(error.message), faultCharactersMax) },
        });
        return { response: mcpFailureAnswer(error, effect, hide) };
      }
    },
  };
}
