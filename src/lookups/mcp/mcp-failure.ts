import { ErrorCode, McpError } from '@modelcontextprotocol/sdk/types.js';

/**
 * Why a tool of a server brought nothing. Before it was asked: the server is away, does not have the tool any more, or has enough to do.
 * Afterwards: it did not answer in time, the connection broke off, it answered nonsense, or it refused.
 */
export type McpFailureCause = 'away' | 'gone' | 'busy' | 'tooSlow' | 'lost' | 'garbled' | 'refused';

/** A call of a tool that brought no result. `words` are the server's own, and null where they are none that the model should read. */
export class McpFailure extends Error {
  readonly failure: McpFailureCause;
  readonly words: string | null;

  constructor(failure: McpFailureCause, message: string, words: string | null = null) {
    super(message);
    this.name = 'McpFailure';
    this.failure = failure;
    this.words = words;
  }
}

/** What an error of a request means. */
export function mcpFailure(error: unknown, signal: AbortSignal): McpFailure {
  const message = error instanceof Error ? error.message : String(error);
  if (error instanceof McpError) {
    const code: ErrorCode = error.code;
    // The SDK makes errors of these codes itself, and servers have no reason to.
    if (code === ErrorCode.RequestTimeout) return new McpFailure('tooSlow', message);
    if (code === ErrorCode.ConnectionClosed) return new McpFailure('lost', message);
    return new McpFailure('refused', message, message);
  }
  if (signal.aborted) return new McpFailure('tooSlow', message);
  // An answer that is no answer by the rules of MCP is found by its schema.
  if (error instanceof Error && error.name.endsWith('ZodError')) return new McpFailure('garbled', message);
  return new McpFailure('lost', message);
}
