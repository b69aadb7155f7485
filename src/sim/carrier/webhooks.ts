import type { CarrierEffect, FormFields, HttpAnswer, HttpMethod, WebhookPurpose } from './carrier-events.ts';
import type { TwilioCode } from './twilio-codes.ts';

/** From the first attempt to the last byte, redirects and retries included; no setting can raise it (TW-HOOK-2). */
const answerMsMax = 15_000;
/** A connection that does not come about is tried once more; any HTTP status and any broken answer is final (TW-HOOK-3). */
const attemptsMax = 2;
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

interface Exchange {
  readonly webhook: Webhook;
  readonly deadlineMs: number;
  readonly attempts: number;
  readonly redirects: number;
}

/** The webhooks under way: retries, redirects and the deadline (TW-HOOK-2, TW-HOOK-3). */
export class Webhooks {
  readonly #exchanges = new Map<number, Exchange>();
  #lastId = 0;

  /** Starts a webhook. */
  send(webhook: Webhook, atMs: number): { id: number; effect: CarrierEffect } {
    this.#lastId += 1;
    const exchange = { webhook, deadlineMs: atMs + answerMsMax, attempts: 1, redirects: 0 };
    return { id: this.#lastId, effect: this.#attempt(this.#lastId, exchange) };
  }

  /** Forgets a webhook whose answer is not wanted. */
  abort(id: number): CarrierEffect[] {
    return this.#exchanges.delete(id) ? [{ type: 'http.abort', id }] : [];
  }

  /** Takes an answer. Returns the outcome, or the next attempt; null if nobody waits for this answer. */
  takeAnswer(id: number, answer: HttpAnswer): WebhookOutcome | CarrierEffect | null {
    const exchange = this.#exchanges.get(id);
    if (exchange === undefined) return null;
    const { status, location } = answer;
    if (status >= 300 && status < 400 && location !== null) return this.#redirect(id, exchange, status, location);
    if (status < 200 || status >= 300) return this.#fail(id, exchange.webhook, 11200, `status ${String(status)}`);
    this.#exchanges.delete(id);
    return { type: 'answered', id, webhook: exchange.webhook, answer };
  }

  /** Takes a failure of the network. */
  takeFailure(id: number, stage: 'connect' | 'read'): WebhookOutcome | CarrierEffect | null {
    const exchange = this.#exchanges.get(id);
    if (exchange === undefined) return null;
    if (stage === 'read') return this.#fail(id, exchange.webhook, 11200, 'the answer broke off');
    if (exchange.attempts === attemptsMax) return this.#fail(id, exchange.webhook, 11205, 'no connection');
    return this.#attempt(id, { ...exchange, attempts: exchange.attempts + 1 });
  }

  nextDeadlineMs(): number | null {
    let nextMs: number | null = null;
    for (const { deadlineMs } of this.#exchanges.values()) nextMs = Math.min(nextMs ?? deadlineMs, deadlineMs);
    return nextMs;
  }

  /** Fails the first webhook whose deadline has passed. */
  expire(atMs: number): { outcome: WebhookOutcome; effect: CarrierEffect } | null {
    for (const [id, { deadlineMs, webhook }] of this.#exchanges) {
      if (deadlineMs <= atMs) {
        return { outcome: this.#fail(id, webhook, 11200, 'no answer in 15 s'), effect: { type: 'http.abort', id } };
      }
    }
    return null;
  }

  #redirect(id: number, exchange: Exchange, status: number, location: string): WebhookOutcome | CarrierEffect {
    const { webhook } = exchange;
    if (exchange.redirects === redirectsMax) return this.#fail(id, webhook, 11215, `more than ${String(redirectsMax)}`);
    const url = URL.parse(location, webhook.url)?.href;
    if (url === undefined) return this.#fail(id, webhook, 11100, location);
    // As in a browser: only 307 and 308 keep the method, every other redirect loses the form fields.
    const kept = status === 307 || status === 308 ? webhook : { ...webhook, method: 'GET' as const, fields: {} };
    return this.#attempt(id, {
      ...exchange,
      webhook: { ...kept, url },
      attempts: 1,
      redirects: exchange.redirects + 1,
    });
  }

  #fail(id: number, webhook: Webhook, code: TwilioCode, detail: string): WebhookOutcome {
    this.#exchanges.delete(id);
    return { type: 'failed', id, webhook, code, detail };
  }

  #attempt(id: number, exchange: Exchange): CarrierEffect {
    this.#exchanges.set(id, exchange);
    const { method, url, fields, token } = exchange.webhook;
    return { type: 'http.request', id, method, url, fields, headers: { 'I-Twilio-Idempotency-Token': token } };
  }
}
