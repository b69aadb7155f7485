import { ParleyError } from '../../errors.ts';
import type { ToolResponse } from '../../call/tooling/tool-call.ts';
import type { HttpFields } from './http-fields.ts';

/**
 * What a request came to. `found`: the service answered, with a text or without one. `nothing`: there is no such thing. `refused`: it does
 * not take the values. `failed`: it could not be asked, or has a fault. `unknown`: a write that may have been done.
 */
export type Outcome =
  | { readonly kind: 'found'; readonly text: string | null }
  | { readonly kind: 'nothing' | 'refused' | 'failed' | 'unknown' };

interface StatusOutcome {
  readonly outcome: Outcome;
  /** Whether it may be another a moment later. */
  readonly mayPass: boolean;
}

/** What a status says by itself; null when the answer has to be read. */
export function outcomeOfStatus(status: number, effect: 'read' | 'write'): StatusOutcome | null {
  if (status >= 200 && status < 300) return null;
  if (status === 404 || status === 410) return { outcome: { kind: 'nothing' }, mayPass: false };
  if (status === 400 || status === 409 || status === 422) return { outcome: { kind: 'refused' }, mayPass: false };
  if (status === 429) return { outcome: { kind: 'failed' }, mayPass: true };
  const isTheirs = status >= 500 || status === 408;
  // A proxy may have lost the answer of a service that did what it was told.
  return { outcome: { kind: isTheirs && effect === 'write' ? 'unknown' : 'failed' }, mayPass: isTheirs };
}

/** Faults that come before a server is sent anything. Of an address that may not be reached, the name is resolved and no more. */
const notSentCodes: ReadonlySet<string> = new Set([
  'fetch.refused',
  'ECONNREFUSED',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Whether a fault with this code kept a request from being sent to its server. One that has redirected it was sent it before. */
export function isNotSent(code: string): boolean {
  return notSentCodes.has(code);
}

/**
 * What the model is told: one sentence, and what it may do. Throws `tool.outcomeUnknown` for a write that may have been done, so that the call
 * does not run the same wish again.
 */
export function sentenceFor(
  outcome: Outcome,
  effect: 'read' | 'write',
  { not_found: notFound, refused, failed }: Pick<HttpFields, 'not_found' | 'refused' | 'failed'>,
): ToolResponse {
  switch (outcome.kind) {
    case 'found':
      return effect === 'write'
        ? { status: 'done', result: outcome.text ?? 'It is done.' }
        : { status: 'found', result: outcome.text ?? '' };
    case 'nothing':
      return told(
        'not_found',
        notFound ?? 'There is nothing under this; tell the caller so, and ask whether it is right.',
      );
    case 'refused':
      return told(
        'refused',
        refused ??
          'The service does not take these values; ask the caller about them, and call again only with others.',
      );
    case 'failed':
      return told(
        'failed',
        failed ??
          (effect === 'write'
            ? 'This was not done, because the service does not work at the moment; tell the caller so.'
            : 'This cannot be looked up at the moment; tell the caller so, and do not guess.'),
      );
    case 'unknown':
      throw new ParleyError('tool.outcomeUnknown', 'The service did not say whether it did this.');
  }
}

function told(status: string, message: string): ToolResponse {
  return { status, retryable: false, message };
}
