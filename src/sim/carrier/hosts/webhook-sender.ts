import type { CarrierEffect, CarrierEvent } from '../carrier-events.ts';
import type { Route } from './twilio-wire.ts';
import { sendWebhook } from './twilio-wire.ts';

type HttpEvent = Extract<CarrierEvent, { type: 'http.connected' | 'http.answered' | 'http.failed' }>;

/** Performs the HTTP effects of a machine over real sockets, and tells `onEvent` what comes of them. A machine ignores what it gave up. */
export class WebhookSender {
  readonly #route: Route;
  readonly #onEvent: (event: HttpEvent) => void;
  readonly #requests = new Map<number, AbortController>();

  constructor(route: Route, onEvent: (event: HttpEvent) => void) {
    this.#route = route;
    this.#onEvent = onEvent;
  }

  perform(effect: Extract<CarrierEffect, { type: 'http.request' | 'http.abort' }>): void {
    if (effect.type === 'http.request') void this.#request(effect);
    else this.abort(effect.id);
  }

  /** Gives a request up. */
  abort(id: number): void {
    this.#requests.get(id)?.abort();
  }

  abortAll(): void {
    for (const id of this.#requests.keys()) this.abort(id);
  }

  async #request(effect: Extract<CarrierEffect, { type: 'http.request' }>): Promise<void> {
    const { id } = effect;
    const abort = new AbortController();
    this.#requests.set(id, abort);
    const onConnected = (): void => this.#onEvent({ type: 'http.connected', id });
    const outcome = await sendWebhook(effect, this.#route, abort.signal, onConnected);
    this.#requests.delete(id);
    if (outcome.type === 'answered') this.#onEvent({ type: 'http.answered', id, answer: outcome.answer });
    else this.#onEvent({ type: 'http.failed', id, stage: outcome.stage });
  }
}
