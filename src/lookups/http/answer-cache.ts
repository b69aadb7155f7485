import { createHash } from 'node:crypto';

import type { ToolResponse } from '../../call/tooling/tool-call.ts';
import type { FilledRequest } from './http-request.ts';

/** A few kilobytes each. */
const answersMax = 500;

interface Kept {
  readonly response: ToolResponse;
  readonly untilMs: number;
}

/** Answers of one tool, by what was asked. The oldest makes room. */
export class AnswerCache {
  readonly #kept = new Map<string, Kept>();
  readonly #keepMs: number;

  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  find(request: FilledRequest, nowMs: number): ToolResponse | null {
    const kept = this.#kept.get(keyOf(request));
    return kept !== undefined && kept.untilMs > nowMs ? kept.response : null;
  }

  keep(request: FilledRequest, response: ToolResponse, nowMs: number): void {
    if (this.#keepMs === 0) return;
    const key = keyOf(request);
    this.#kept.delete(key);
    this.#kept.set(key, { response, untilMs: nowMs + this.#keepMs });
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > answersMax && oldest !== undefined) this.#kept.delete(oldest);
  }
}

/** A fingerprint, because a request may hold secrets and what the caller said. */
function keyOf({ url, method, headers, body }: FilledRequest): string {
  return createHash('sha256')
    .update(JSON.stringify([method, url, headers, body]))
    .digest('base64');
}
