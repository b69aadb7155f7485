import type { CarrierEffect, FormFields, HttpAnswer, WebhookPurpose } from '../carrier-events.ts';
import type { HttpMethod } from '../http-method.ts';
import { noted } from '../carrier-events.ts';
import type { AttemptFailure, ConnectionOverrides } from './connection-overrides.ts';
import { readOverrides } from './connection-overrides.ts';
import type { TwilioCode } from '../twilio-codes.ts';

const redirectsMax = 10;

/** One request of a URL. `token` is the same in every attempt and tells a server that it sees a request again (TW-HOOK-4). */
export interface Webhook {
  readonly purpose: WebhookPurpose;
  readonly method: HttpMethod;
  readonly url: string;
  readonly fields: FormFields;
  readonly token: string;
}

/** How a webhook came out. `webhook.url` is where the answer came from, after redirects. */
export type WebhookOutcome =
  | { readonly type: 'answered'; readonly id: number; readonly webhook: Webhook; readonly answer: HttpAnswer }
  | {
      readonly type: 'failed';
      readonly id: number;
      readonly webhook: Webhook;
      readonly code: TwilioCode;
      readonly detail: string;
    };

/** What webhooks make their host do. */
type WebhookEffect = Extract<CarrierEffect, { type: 'http.request' | 'http.abort' | 'note' }>;

/** What must be done for a webhook, and its outcome once it has one. */
export interface WebhookStep {
  readonly effects: readonly WebhookEffect[];
  readonly outcome: WebhookOutcome | null;
}

/** What went wrong with one attempt, and what it is called when it was the last one. */
interface Failure {
  readonly kind: AttemptFailure | 'final';
  readonly code: TwilioCode;
  readonly detail: string;
}

/** A webhook under way. The id of its first attempt is that of the whole. */
interface Exchange {
  readonly id: number;
  readonly webhook: Webhook;
  readonly overrides: ConnectionOverrides;
  readonly untilMs: number;
  readonly attempts: number;
  readonly redirects: number;
  readonly isConnected: boolean;
  readonly attemptUntilMs: number;
}

const nothing: WebhookStep = { effects: [], outcome: null };

/** The webhooks under way: attempts, their limits, retries and redirects (TW-HOOK-2, TW-HOOK-3, TW-HOOK-6). */
export class CarrierWebhooks {
  /** By the id of the current attempt: each has its own, so that a late answer to one that was given up is none. */
  readonly #exchanges = new Map<number, Exchange>();
  #lastId = 0;

  /** Starts a webhook. */
  send(webhook: Webhook, atMs: number): { readonly id: number; readonly effects: readonly WebhookEffect[] } {
    const id = this.#nextId();
    const overrides = readOverrides(webhook.url);
    const exchange = { id, webhook, overrides, untilMs: atMs + overrides.totalMs, attempts: 1, redirects: 0 };
    if (overrides.unknownPolicy === null) return { id, effects: [this.#attempt(id, exchange, atMs)] };
    // Nothing is requested: it fails as soon as anybody looks.
    this.#exchanges.set(id, { ...exchange, isConnected: false, attemptUntilMs: atMs });
    return { id, effects: [] };
  }

  /** Forgets a webhook whose answer is not wanted. */
  abort(id: number): WebhookEffect[] {
    for (const [attemptId, exchange] of this.#exchanges) {
      if (exchange.id !== id) continue;
      this.#exchanges.delete(attemptId);
      return [{ type: 'http.abort', id: attemptId }];
    }
    return [];
  }

  /** The connection of an attempt stands: from here on its time to read runs. */
  takeConnection(attemptId: number, atMs: number): void {
    const exchange = this.#exchanges.get(attemptId);
    if (exchange === undefined) return;
    const attemptUntilMs = Math.min(exchange.untilMs, atMs + exchange.overrides.readMs);
    this.#exchanges.set(attemptId, { ...exchange, isConnected: true, attemptUntilMs });
  }

  /** Takes an answer; one that nobody waits for changes nothing. */
  takeAnswer(attemptId: number, answer: HttpAnswer, atMs: number): WebhookStep {
    const exchange = this.#exchanges.get(attemptId);
    if (exchange === undefined) return nothing;
    const { id, webhook } = exchange;
    const { status, location } = answer;
    if (status >= 300 && status < 400 && location !== null) {
      return this.#redirect(attemptId, exchange, status, location, atMs);
    }
    if (status < 200 || status >= 300) {
      const kind = status >= 500 ? '5xx' : status >= 400 ? '4xx' : 'final';
      return this.#failed(attemptId, exchange, { kind, code: 11200, detail: `status ${String(status)}` }, atMs);
    }
    this.#exchanges.delete(attemptId);
    return { effects: [], outcome: { type: 'answered', id, webhook, answer } };
  }

  /** Takes a failure of the network. */
  takeFailure(attemptId: number, stage: 'connect' | 'read', atMs: number): WebhookStep {
    const exchange = this.#exchanges.get(attemptId);
    if (exchange === undefined) return nothing;
    const failure =
      stage === 'connect'
        ? ({ kind: 'ct', code: 11205, detail: 'no connection' } as const)
        : ({ kind: 'rt', code: 11200, detail: 'the answer broke off' } as const);
    return this.#failed(attemptId, exchange, failure, atMs);
  }

  nextDeadlineMs(): number | null {
    let nextMs: number | null = null;
    for (const { attemptUntilMs } of this.#exchanges.values()) {
      nextMs = Math.min(nextMs ?? attemptUntilMs, attemptUntilMs);
    }
    return nextMs;
  }

  /** Gives up the first attempt whose time is over. */
  expire(atMs: number): WebhookStep {
    for (const [attemptId, exchange] of this.#exchanges) {
      if (exchange.attemptUntilMs > atMs) continue;
      const { effects, outcome } = this.#failed(attemptId, exchange, expiry(exchange, atMs), atMs);
      return { effects: [{ type: 'http.abort', id: attemptId }, ...effects], outcome };
    }
    return nothing;
  }

  #redirect(attemptId: number, exchange: Exchange, status: number, location: string, atMs: number): WebhookStep {
    const { webhook, redirects } = exchange;
    const tooMany = { kind: 'final', code: 11215, detail: `more than ${String(redirectsMax)}` } as const;
    if (redirects === redirectsMax) return this.#failed(attemptId, exchange, tooMany, atMs);
    const url = URL.parse(location, webhook.url)?.href;
    if (url === undefined) {
      return this.#failed(attemptId, exchange, { kind: 'final', code: 11100, detail: location }, atMs);
    }
    // As in a browser: only 307 and 308 keep the method, every other redirect loses the form fields.
    const kept = status === 307 || status === 308 ? webhook : { ...webhook, method: 'GET' as const, fields: {} };
    const next = { ...exchange, webhook: { ...kept, url }, attempts: 1, redirects: redirects + 1 };
    this.#exchanges.delete(attemptId);
    return { effects: [this.#attempt(this.#nextId(), next, atMs)], outcome: null };
  }

  /**
   * Tries again where the policy says so, at once, because Twilio documents no pause; otherwise the webhook has failed (TW-HOOK-6).
   */
  #failed(attemptId: number, exchange: Exchange, { kind, code, detail }: Failure, atMs: number): WebhookStep {
    this.#exchanges.delete(attemptId);
    const { id, webhook, overrides, attempts } = exchange;
    const triesAgain = kind !== 'final' && overrides.retriesAfter.has(kind) && attempts <= overrides.retries;
    if (!triesAgain) return { effects: [], outcome: { type: 'failed', id, webhook, code, detail } };
    const retry = noted({ atMs, kind: 'webhook.retried', purpose: webhook.purpose, detail });
    const attempt = this.#attempt(this.#nextId(), { ...exchange, attempts: attempts + 1 }, atMs);
    return { effects: [retry, attempt], outcome: null };
  }

  #attempt(attemptId: number, exchange: Omit<Exchange, 'isConnected' | 'attemptUntilMs'>, atMs: number): WebhookEffect {
    const attemptUntilMs = Math.min(exchange.untilMs, atMs + exchange.overrides.connectMs);
    this.#exchanges.set(attemptId, { ...exchange, isConnected: false, attemptUntilMs });
    const { method, url, fields, token } = exchange.webhook;
    return {
      type: 'http.request',
      id: attemptId,
      method,
      url,
      fields,
      headers: { 'I-Twilio-Idempotency-Token': token },
    };
  }

  #nextId(): number {
    this.#lastId += 1;
    return this.#lastId;
  }
}

function expiry({ overrides, isConnected, untilMs }: Exchange, atMs: number): Failure {
  const { unknownPolicy, totalMs, readMs, connectMs } = overrides;
  if (unknownPolicy !== null) return { kind: 'final', code: 11243, detail: `rp=${unknownPolicy}` };
  if (untilMs <= atMs) return { kind: 'final', code: 11200, detail: `no answer in ${String(totalMs)} ms` };
  if (isConnected) return { kind: 'rt', code: 11200, detail: `no answer in ${String(readMs)} ms` };
  return { kind: 'ct', code: 11205, detail: `no connection in ${String(connectMs)} ms` };
}
