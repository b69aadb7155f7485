import { z } from 'zod';

import type { LeaveOrder } from '../call/events.ts';
import type { ToolResponse } from '../call/tooling/tool-call.ts';
import { ParleyError } from '../errors.ts';

/** What a tool learns about the call that it serves. `signal` aborts when nobody waits for the answer any more. */
export interface ToolContext {
  readonly signal: AbortSignal;
  readonly callSid: string;
}

/** What a tool gives back: its answer to the model, and what it asks of the call. */
export interface ToolResult {
  readonly response: ToolResponse;
  /** The model shall remember the answer without speaking. Only for `nonBlocking` tools (GM-TOOL-4). */
  readonly silent?: boolean;
  readonly leave?: LeaveOrder;
}

/** A function that the model may call. */
export interface Tool {
  readonly name: string;
  /** When to call it and what to say meanwhile, told to the model. */
  readonly description: string;
  /** Whether the model waits for the answer before it speaks on (GM-TOOL-1). */
  readonly behavior: 'blocking' | 'nonBlocking';
  /** Whether it changes something outside of the call or tells somebody. A call that is only a trial does not run it. */
  readonly acts: boolean;
  /** JSON schema of the arguments, with the keywords that Gemini accepts. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Throws `tool.argumentsInvalid` with a sentence for the model when the arguments do not fit. */
  run(args: unknown, context: ToolContext): Promise<ToolResult>;
}

/**
 * A tool as its author writes it. `behavior` is `blocking` if not given: a model that does not wait invents the answer. `acts` is false if
 * not given.
 */
interface ToolDefinition<Shape extends z.ZodRawShape> {
  readonly name: string;
  readonly description: string;
  readonly behavior?: Tool['behavior'];
  readonly acts?: boolean;
  readonly parameters: z.ZodObject<Shape>;
  readonly run: (args: z.output<z.ZodObject<Shape>>, context: ToolContext) => ToolResult | Promise<ToolResult>;
}

/** Makes a tool whose `run` gets checked and typed arguments. Throws a TypeError for a name that Gemini would refuse. */
export function defineTool<Shape extends z.ZodRawShape>(definition: ToolDefinition<Shape>): Tool {
  const { name, description, behavior = 'blocking', acts = false, parameters, run } = definition;
  if (!/^[a-z][a-z0-9_]{0,63}$/.test(name)) {
    throw new TypeError(`A tool is named with small letters, digits and "_", at most 64 of them, not "${name}".`);
  }
  return {
    name,
    description,
    behavior,
    acts,
    parameters: declaredSchema(parameters),
    async run(args, context) {
      const parsed = parameters.safeParse(args);
      if (parsed.success) return run(parsed.data, context);
      const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'arguments'}: ${issue.message}`);
      throw new ParleyError('tool.argumentsInvalid', `The arguments of ${name} do not fit. ${faults.join('. ')}.`);
    },
  };
}

/** The tools of one service by name. Throws a TypeError for two tools of the same name, which Gemini would refuse. */
export function createTools(tools: readonly Tool[]): ReadonlyMap<string, Tool> {
  const byName = new Map<string, Tool>();
  for (const tool of tools) {
    if (byName.has(tool.name)) throw new TypeError(`Two tools are named "${tool.name}".`);
    byName.set(tool.name, tool);
  }
  return byName;
}

/** The JSON schema keywords that Gemini documents. One keyword that it does not know fails every session (GM-SETUP-2). */
const acceptedKeywords: ReadonlySet<string> = new Set([
  '$defs',
  '$ref',
  'additionalProperties',
  'anyOf',
  'description',
  'enum',
  'format',
  'items',
  'maximum',
  'maxItems',
  'minimum',
  'minItems',
  'oneOf',
  'prefixItems',
  'properties',
  'required',
  'title',
  'type',
]);

/** Limits that Gemini cannot read, such as the length of a text, are left out here and still hold when the tool runs. */
function declaredSchema(parameters: z.ZodObject): Readonly<Record<string, unknown>> {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(parameters, {
    io: 'input',
    override: ({ jsonSchema }) => {
      for (const keyword of Object.keys(jsonSchema)) {
        if (!acceptedKeywords.has(keyword)) Reflect.deleteProperty(jsonSchema, keyword);
      }
    },
  });
  return schema;
}
