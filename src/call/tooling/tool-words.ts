import type { ErrorCode } from '../../errors.ts';
import type { ToolCall, ToolResponse } from './tool-call.ts';

/** Arguments that are read back are a few. What is longer nobody could say yes to. */
const readBackCharsMax = 1_000;

/** What the model is told when something did not work and trying again would not help. */
export function failure(message: string): ToolResponse {
  return { error: message, retryable: false };
}

/** What the model is told of something that nobody knows the outcome of. It is not tried again. */
export const unknownOutcome =
  'It is not known whether this was done, and it is not done again. Tell the caller so in one sentence, and promise nothing.';

/** Faults after which a tool may have done what it was asked for, in whole or in part. */
const unknownFaults: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'tool.failed',
  'tool.interrupted',
  'tool.outcomeUnknown',
  'tool.timedOut',
]);

/** Whether a tool that ends so may have changed something. */
export function leavesUnknown(fault: ErrorCode): boolean {
  return unknownFaults.has(fault);
}

/** The result of something that was asked for again and not done again. The model must not take it for a second one. */
export function knownAgain(response: ToolResponse): ToolResponse {
  return { ...response, note: 'This was asked for before. It is the result of that, and nothing was done again.' };
}

/** The caller has not said yes yet. The arguments are told in words, so that what is read back is what will be done. */
export function confirmRequest({ args }: Pick<ToolCall, 'args'>): ToolResponse {
  const words = Object.entries(args)
    .map(
      ([name, value]) => `${name.replaceAll('_', ' ')}: ${typeof value === 'string' ? value : JSON.stringify(value)}`,
    )
    .join(', ');
  const readBack = words === '' ? 'Say what you are about to do' : `Read this back to the caller: ${shortened(words)}`;
  return {
    result: `Nothing was done yet. ${readBack}. Ask whether that is right, and wait for the answer. If the caller says yes, call again with exactly the same arguments; if not, do not.`,
  };
}

function shortened(words: string): string {
  return words.length <= readBackCharsMax ? words : `${words.slice(0, readBackCharsMax)}…`;
}
