import { runInNewContext } from 'node:vm';

import { AjvJsonSchemaValidator } from '@modelcontextprotocol/sdk/validation/ajv';
import type { JsonSchemaValidator } from '@modelcontextprotocol/sdk/validation';
import type { Tool as ListedTool } from '@modelcontextprotocol/sdk/types.js';

import { declaredSchema } from '../../tools/declared-schema.ts';
import { cappedText } from '../../tools/record-sentences.ts';

/** All tools of a session are one message to Gemini, and are paid for with every turn. */
const schemaCharactersMax = 12_000;

/** What is wrong with arguments, for the model. */
const faultCharactersMax = 500;

/** An honest check takes a millisecond. A pattern or references can be written so that theirs takes years, while the process stands still. */
const checkMsMax = 500;

/** What a server asks of the arguments of a tool. */
interface ArgumentSchema {
  /** What Gemini is told of it. */
  readonly declared: Readonly<Record<string, unknown>>;
  /** The arguments, or what is wrong with them. Never throws. */
  readonly check: (args: unknown) => Readonly<Record<string, unknown>> | string;
}

/** Reads the schema of a tool. A text says why it cannot be used, as the rest of a sentence about it. */
export function argumentSchema({ inputSchema }: Pick<ListedTool, 'inputSchema'>): ArgumentSchema | string {
  const text = JSON.stringify(inputSchema);
  if (text.length > schemaCharactersMax) return `has ${text.length} characters, and may have ${schemaCharactersMax}`;
  if (/"\$ref":"(?!#)/.test(text)) return 'refers to another document';
  // The dialect that a server names says nothing of the words that it uses, and the check would look it up. An `$async` one would be a
  // promise, which passes for true.
  const schema = {
    ...inputSchema,
    properties: inputSchema.properties ?? {},
    required: inputSchema.required ?? [],
    $schema: 'http://json-schema.org/draft-07/schema#',
    $async: false,
  };
  try {
    const validate = inTime(() => new AjvJsonSchemaValidator().getValidator<Record<string, unknown>>(schema));
    return { declared: declaredSchema(schema), check: (args) => checked(validate, args) };
  } catch (error) {
    return `cannot be used: ${error instanceof Error ? error.message : String(error)}`;
  }
}

function checked(
  validate: JsonSchemaValidator<Record<string, unknown>>,
  args: unknown,
): Readonly<Record<string, unknown>> | string {
  try {
    const { valid, data, errorMessage } = inTime(() => validate(args));
    return valid ? data : cappedText(errorMessage, faultCharactersMax);
  } catch {
    // It refers to itself without an end, or takes too long.
    return 'The schema of the server cannot be followed';
  }
}

/** Runs something, and throws when it is not done in time, whatever it does. */
function inTime<Result>(work: () => Result): Result {
  const results: Result[] = [];
  runInNewContext('work()', { work: () => void results.push(work()) }, { timeout: checkMsMax });
  const [result] = results;
  if (result === undefined) throw new TypeError('Nothing came of it.');
  return result;
}
