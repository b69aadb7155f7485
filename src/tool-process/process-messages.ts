import { z } from 'zod';
import { type ErrorCode, errors } from '../errors.ts';
import type { ServedCall } from '../tools/tool.ts';
import type { ToolSource } from './tool-source.ts';

/** A result as it goes to another process. What the model may be told of it is bounded in `src/host/tooling/tool-answer.ts`. */
export const resultCharsMax = 64_000;

/** Log lines of one run. A tool that has more to say writes a file of its own. */
export const runLinesMax = 20;

/** The fields of a log line, as JSON. */
export const fieldsCharsMax = 2_000;

/** The name of a log line, and the message of an error. */
export const wordsCharsMax = 400;

/** What a tool process is told. */
export type ProcessOrder =
  | { readonly order: 'open'; readonly sources: readonly ToolSource[] }
  | {
      readonly order: 'run';
      readonly id: number;
      readonly tool: string;
      readonly args: unknown;
      readonly call: ServedCall;
      readonly key: string;
    }
  /** Nobody waits for this run any more. */
  | { readonly order: 'cancel'; readonly id: number }
  | { readonly order: 'ping' }
  | { readonly order: 'close' };

const id = z.int();
const words = z.string().max(wordsCharsMax);

const declaration = z.object({
  name: z.string(),
  description: z.string(),
  behavior: z.enum(['blocking', 'nonBlocking']),
  effect: z.enum(['read', 'write', 'call']),
  timeoutMs: z.number(),
  confirm: z.boolean(),
  parameters: z.record(z.string(), z.unknown()),
  /** The file or the entry that it comes from. */
  from: z.string(),
});

const result = z.object({
  response: z.record(z.string(), z.unknown()),
  silent: z.boolean().exactOptional(),
  scheduling: z.enum(['silent', 'whenIdle', 'interrupt']).exactOptional(),
  leave: z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('hangUp') }),
      z.object({
        kind: z.literal('transfer'),
        destination: z.string(),
        reason: z.string().nullable().default(null),
      }),
      z.object({ kind: z.literal('message') }),
    ])
    .exactOptional(),
});

const isErrorCode = (code: string): code is ErrorCode => Object.hasOwn(errors, code);

/** An error that was thrown in the process. `code`: of one that Parley can name. */
const thrown = z.object({
  code: z.string().refine(isErrorCode).nullable(),
  name: words,
  message: z.string().max(10 * wordsCharsMax),
  stack: z.string(),
});

const news = z.discriminatedUnion('news', [
  /** What is being opened just now. */
  z.object({ news: z.literal('opening'), what: z.string() }),
  z.object({
    news: z.literal('opened'),
    tools: z.array(declaration),
    warnings: z.array(z.string()),
    /** Why it cannot be used, one sentence each. */
    problems: z.array(z.string()),
  }),
  /** What it opened offers other tools from here on: these are all of the process. */
  z.object({ news: z.literal('offers'), tools: z.array(declaration) }),
  z.object({ news: z.literal('line'), id: id.nullable(), event: words, fields: z.record(z.string(), z.unknown()) }),
  z.object({ news: z.literal('done'), id, result }),
  z.object({ news: z.literal('failed'), id, error: thrown }),
  /** A tool has thrown where nobody catches it. `ends`: the process is over. */
  z.object({ news: z.literal('uncaught'), error: thrown, ends: z.boolean() }),
  z.object({ news: z.literal('pong') }),
]);

/** What a tool process says. */
export type ProcessNews = z.output<typeof news>;
export type OpenedSources = Extract<ProcessNews, { news: 'opened' }>;
export type ThrownNews = z.output<typeof thrown>;

/** What a tool gave back, or null when it is no result of a tool. */
export function parseResult(value: unknown): z.output<typeof result> | null {
  const parsed = result.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** A message of a tool process, or null for one that makes no sense: other people's code runs there, and may send its own. */
export function parseNews(message: unknown): ProcessNews | null {
  const parsed = news.safeParse(message);
  return parsed.success ? parsed.data : null;
}
