import { z } from 'zod';

import type { LeaveOrder } from '../call/events.ts';
import type { ToolResponse, ToolScheduling } from '../call/tooling/tool-call.ts';
import { ParleyError } from '../errors.ts';
import { declaredSchema } from './declared-schema.ts';

/** The phone call that a tool serves. */
export interface ServedCall {
  readonly callSid: string;
  /** Who calls, and which number was called, as Twilio gave them; null where it withheld one. */
  readonly from: string | null;
  readonly to: string | null;
  /** The name of the agent that answers. */
  readonly agent: string;
  /** BCP-47 tag of the language that the agent speaks; null for the caller's. */
  readonly languageTag: string | null;
  /** IANA name of the agent's time zone, such as `Europe/Vienna`. */
  readonly timeZone: string;
}

/** Writes one line of the service's log. What is personal stands under `pii`, and is left out unless the admin wants it. */
export type ToolLog = (event: string, fields?: Readonly<Record<string, unknown>>) => void;

/** What the host of a call hands to a run of a tool. */
export interface ToolRun {
  /** Aborts when nobody waits for the answer any more. */
  readonly signal: AbortSignal;
  readonly call: ServedCall;
  /**
   * The same for every attempt to do the same thing for this call, and another one for anything else. Whoever acts on a service that takes
   * idempotency keys hands it on.
   */
  readonly key: string;
  readonly log: ToolLog;
}

/** What a tool may use while it runs. */
export interface ToolContext extends ToolRun {
  /** Like the global one, within limits: of time, of size, and never to an address of a private network unless the admin says so. */
  readonly fetch: typeof fetch;
}

/** What a tool gives back: its answer to the model, and what it asks of the call. */
export interface ToolResult {
  readonly response: ToolResponse;
  /** The model shall remember the answer without speaking: short for the scheduling `silent`. */
  readonly silent?: boolean;
  /** When the model shall speak about it: `whenIdle` unless set. Only for `nonBlocking` tools (GM-TOOL-4). */
  readonly scheduling?: ToolScheduling;
  readonly leave?: LeaveOrder;
}

/** What running a tool changes. */
export type ToolEffect = 'read' | 'write' | 'call';

/** Longer than any look-up should take, and short enough that the caller does not hang up. */
export const toolMsUsual = 8_000;

/** Nobody waits longer on the telephone, however patiently the agent asks. */
export const toolMsMax = 30_000;

/** What Gemini takes for the name of a tool, of a kind that reads well. */
export const toolNameForm = /^[a-z][a-z0-9_]{0,63}$/;

/** A function that the model may call. */
export interface Tool {
  readonly name: string;
  /** When to call it and what to say meanwhile, told to the model. */
  readonly description: string;
  /** Whether the model waits for the answer before it speaks on (GM-TOOL-1). */
  readonly behavior: 'blocking' | 'nonBlocking';
  /**
   * `read` changes nothing, so it may be run again. `write` changes something outside of the call or tells somebody: it is run at most once
   * for each wish, and a call that is only a trial does not run it. `call` changes the call itself, by `leave`.
   */
  readonly effect: ToolEffect;
  /** How long it may take, up to `toolMsMax`. */
  readonly timeoutMs: number;
  /** Whether the caller must have said yes to the very same arguments first. Only for `write`. */
  readonly confirm: boolean;
  /** JSON schema of the arguments, with the keywords that Gemini accepts. */
  readonly parameters: Readonly<Record<string, unknown>>;
  /** Throws `tool.argumentsInvalid` with a sentence for the model when the arguments do not fit. */
  run(args: unknown, context: ToolContext): Promise<ToolResult>;
}

/**
 * A tool as its author writes it. If not given, `behavior` is `blocking`, since a model that does not wait invents the answer, `effect` is
 * `read`, `timeoutMs` is 8,000, and `confirm` is false. What `run` gives back as a text is the answer's `result`.
 */
interface ToolDefinition<Shape extends z.ZodRawShape> {
  readonly name: string;
  readonly description: string;
  readonly behavior?: Tool['behavior'];
  readonly effect?: ToolEffect;
  readonly timeoutMs?: number;
  readonly confirm?: boolean;
  readonly parameters: z.ZodObject<Shape>;
  readonly run: (args: z.output<z.ZodObject<Shape>>, context: ToolContext) => Returned | Promise<Returned>;
}

type Returned = ToolResult | string;

/**
 * Makes a tool whose `run` gets checked and typed arguments. Throws a TypeError for a name that Gemini would refuse, a time that is out of
 * bounds, and a confirmation of what changes nothing.
 */
export function defineTool<Shape extends z.ZodRawShape>(definition: ToolDefinition<Shape>): Tool {
  const { name, description, behavior = 'blocking', parameters, run } = definition;
  const { effect = 'read', timeoutMs = toolMsUsual, confirm = false } = definition;
  if (!toolNameForm.test(name)) {
    throw new TypeError(`A tool is named with small letters, digits and "_", at most 64 of them, not "${name}".`);
  }
  if (!(timeoutMs >= 1 && timeoutMs <= toolMsMax)) {
    throw new TypeError(`The tool ${name} may take ${timeoutMs} ms; it wants 1 to ${toolMsMax}.`);
  }
  if (confirm && effect !== 'write') throw new TypeError(`The tool ${name} changes nothing that could be confirmed.`);
  const tool: Tool = {
    name,
    description,
    behavior,
    effect,
    timeoutMs,
    confirm,
    parameters: schemaOf(parameters),
    async run(args, context) {
      const parsed = parameters.safeParse(args);
      if (parsed.success) return resultOf(await run(parsed.data, context));
      const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'arguments'}: ${issue.message}`);
      throw new ParleyError('tool.argumentsInvalid', `The arguments of ${name} do not fit. ${faults.join('. ')}.`);
    },
  };
  defined.add(tool);
  return tool;
}

/** What `defineTool` has made. */
const defined = new WeakSet<object>();

/** Tells a tool from whatever else a file exports. */
export function isDefinedTool(value: unknown): value is Tool {
  return typeof value === 'object' && value !== null && defined.has(value);
}

function resultOf(returned: Returned): ToolResult {
  return typeof returned === 'string' ? { response: { result: returned } } : returned;
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

/** Limits that Gemini cannot read, such as the length of a text, are left out here and still hold when the tool runs. */
function schemaOf(parameters: z.ZodObject): Readonly<Record<string, unknown>> {
  const { $schema: _dialect, ...schema } = z.toJSONSchema(parameters, { io: 'input' });
  return declaredSchema(schema);
}
