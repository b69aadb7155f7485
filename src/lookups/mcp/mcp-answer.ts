import type { CallToolResult } from '@modelcontextprotocol/sdk/types.js';

import { ParleyError } from '../../errors.ts';
import type { ToolResponse } from '../../call/tooling/tool-call.ts';
import { cappedText } from '../../tools/record-sentences.ts';
import type { McpFailure, McpFailureCause } from './mcp-failure.ts';

/** What can be spoken of an answer, and a model hears without stuttering. */
const resultCharactersMax = 4_000;

/** Takes out of a server's words what it was given to keep. */
export type Hide = (text: string) => string;

/** What the model is told of a result. Its text is data: it stands in `result` alone, and `message` is ours. */
export function resultAnswer(result: CallToolResult, hide: Hide): ToolResponse {
  const text = textOf(result, hide);
  if (result.isError === true) {
    return {
      status: 'failed',
      retryable: false,
      result: text,
      message: 'The service says in result why it did not do it. Tell the caller in your own words.',
    };
  }
  return { status: 'done', result: text };
}

function textOf({ content, structuredContent }: CallToolResult, hide: Hide): string {
  const texts: string[] = [];
  const omitted: string[] = [];
  for (const part of content) {
    if (part.type === 'text') texts.push(part.text);
    else if (part.type === 'resource' && 'text' in part.resource) texts.push(part.resource.text);
    else if (part.type === 'resource_link') omitted.push(`a link to ${part.name}`);
    else
      omitted.push(`${part.type === 'image' ? 'an' : 'a piece of'} ${part.type === 'resource' ? 'data' : part.type}`);
  }
  if (texts.length === 0 && structuredContent !== undefined) texts.push(JSON.stringify(structuredContent));
  const text = cappedText(hide(texts.join('\n')), resultCharactersMax);
  if (omitted.length === 0) return text === '' ? 'Nothing was answered.' : text;
  const listed = cappedText(hide([...new Set(omitted)].join(', ')), 200);
  return `${text}${text === '' ? '' : '\n'}(Left out, since it cannot be told: ${listed}.)`;
}

const nothingDone = 'Nothing was done. Tell the caller that this does not work at the moment.';

const failures: Readonly<Record<McpFailureCause, { readonly retryable: boolean; readonly what: string }>> = {
  away: { retryable: true, what: 'The service cannot be reached.' },
  gone: { retryable: false, what: 'The service does not offer this at the moment.' },
  busy: { retryable: true, what: 'The service is busy.' },
  tooSlow: { retryable: false, what: 'The service did not answer in time.' },
  lost: { retryable: true, what: 'The connection to the service broke off.' },
  garbled: { retryable: false, what: 'The service gave an answer that cannot be read.' },
  refused: { retryable: false, what: 'The service refused.' },
};

/** Failures of which it is sure that the server has done nothing. */
const harmless: ReadonlySet<McpFailureCause> = new Set(['away', 'gone', 'busy', 'refused']);

/** What the model is told when there is no result. Throws `tool.outcomeUnknown` where the server may have done what it was asked for. */
export function mcpFailureAnswer({ failure, words }: McpFailure, effect: 'read' | 'write', hide: Hide): ToolResponse {
  const { retryable, what } = failures[failure];
  if (effect === 'write' && !harmless.has(failure)) {
    throw new ParleyError('tool.outcomeUnknown', what);
  }
  const said = words === null ? {} : { result: cappedText(hide(words), resultCharactersMax) };
  return { status: 'failed', retryable, ...said, message: `${what} ${nothingDone}` };
}
