import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import type { Tool as ListedTool } from '@modelcontextprotocol/sdk/types.js';

import { ParleyError } from '../../errors.ts';
import { declaredSchema } from '../../tools/declared-schema.ts';
import { cappedText } from '../../tools/record-sentences.ts';
import { type Tool, toolMsUsual, toolNameForm } from '../../tools/tool.ts';
import type { LookupOptions } from '../lookup-kind.ts';
import { mcpFailureAnswer, resultAnswer } from './mcp-answer.ts';
import type { McpConnection } from './mcp-connection.ts';
import { McpFailure } from './mcp-failure.ts';
import { type McpFields, offeredName } from './mcp-fields.ts';

/** The model reads it in every session, and some servers put their whole manual there. */
const descriptionCharactersMax = 1_500;

/** All tools of a session are one message to Gemini, and are paid for with every turn. */
const schemaCharactersMax = 12_000;

/** What is wrong with arguments, for the model. */
const faultCharactersMax = 500;

/** The part of a tool's time that the server has. The rest is for the answer's way back. */
const serverShare = 0.9;

/** A tool of a server, and how the admin wants it offered. */
interface OfferedTool {
  readonly listed: ListedTool;
  readonly wanted: McpFields['tools'][string];
  readonly options: LookupOptions;
}

/** Makes a tool of what the server lists, or says in a sentence why that cannot be. */
export function createMcpTool(
  { listed, wanted, options }: OfferedTool,
  connection: () => McpConnection,
): Tool | string {
  const name = offeredName(listed.name, wanted);
  if (!toolNameForm.test(name)) return `${listed.name} has a name that Gemini does not take; give it one with "as".`;
  const effect = wanted?.effect ?? options.effect ?? 'write';
  if (effect === 'read' && wanted?.confirm === true) return `${listed.name} changes nothing that could be confirmed.`;
  const description = wanted?.description ?? listed.description ?? listed.title ?? '';
  if (description.trim() === '') return `${listed.name} has no description; give it one with "description".`;
  const schema = schemaOf(listed);
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
        return { response: resultAnswer(await connection().call(call)) };
      } catch (error) {
        if (!(error instanceof McpFailure)) throw error;
        log('mcpFailed', { failure: error.failure, pii: { message: cappedText(error.message, faultCharactersMax) } });
        return { response: mcpFailureAnswer(error, effect) };
      }
    },
  };
}

/** What Gemini is told of the arguments, and the check of all that the server asks of them. */
function schemaOf({ inputSchema }: ListedTool) {
  const text = JSON.stringify(inputSchema);
  if (text.length > schemaCharactersMax) return `has ${text.length} characters, and may have ${schemaCharactersMax}`;
  if (/"\$ref":"(?!#)/.test(text)) return 'refers to another document';
  try {
    // The dialect that a server names says nothing of the words that it uses, and the check would look it up.
    const schema = {
      ...inputSchema,
      properties: inputSchema.properties ?? {},
      required: inputSchema.required ?? [],
      $schema: 'http://json-schema.org/draft-07/schema#',
    };
    const validate = new AjvJsonSchemaValidator().getValidator<Record<string, unknown>>(schema);
    const check = (args: unknown): Record<string, unknown> | string => {
      const { valid, data, errorMessage } = validate(args);
      return valid ? data : cappedText(errorMessage, faultCharactersMax);
    };
    return { declared: declaredSchema(schema), check };
  } catch (error) {
    return `cannot be used: ${error instanceof Error ? error.message : String(error)}`;
  }
}
