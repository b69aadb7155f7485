import type { CarrierEffect, CarrierEvent, HttpAnswer } from '../carrier/carrier-events.ts';
import type { NextRandom } from '../seeded-random.ts';
import type { FaultOf } from '../faults/fault.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { Link } from '../faults/link.ts';
import type { Delivery } from './delivery.ts';
import { fallbackUrl, isOfService, webhookOf } from './placed-call.ts';

type HttpRequest = Extract<CarrierEffect, { type: 'http.request' }>;
type HttpNews = Extract<CarrierEvent, { type: 'http.connected' | 'http.answered' | 'http.failed' }>;

/** Who answers at the service's address: the service, or whatever stands there while it is down. */
export type Reachability = 'open' | FaultOf<'serviceKilled'>['meanwhile'];

/** What a gateway answers for a service that is gone. */
export const badGateway: HttpAnswer = { status: 502, contentType: 'text/html', location: null, body: 'Bad gateway' };

/**
 * The requests of the phone network to the service, and their answers. Those of the conferences have negative ids, because calls and
 * conferences each count from 1.
 */
export class WebhookNetwork {
  readonly #faults: FaultPlan;
  readonly #link: Link;
  readonly #fallbackTwiml: string | null;
  /** Requests that have found nobody at the service's address. */
  readonly #unanswered = new Set<number>();

  constructor(faults: FaultPlan, nextRandom: NextRandom, fallbackTwiml: string | null) {
    this.#faults = faults;
    this.#link = new Link(faults.link('webhook'), nextRandom);
    this.#fallbackTwiml = fallbackTwiml;
  }

  /** A request sets out: it comes to the service's address, and some time later to whoever answers it. */
  request({ id, url, fields }: HttpRequest, nowMs: number): Delivery[] {
    const atMs = this.#link.arrivalMs(nowMs);
    if (url === fallbackUrl) return this.#answeredElsewhere(id, atMs);
    const { path, purpose } = webhookOf(url);
    if (!isOfService(url) || this.#faults.losesWebhook(purpose)) {
      return [{ atMs, ...news(id, { type: 'http.failed', id, stage: 'connect' }) }];
    }
    const event = { type: 'http.requested', id, path, fields } as const;
    return [
      { atMs, to: 'address', id },
      { atMs: atMs + this.#faults.webhookDelayMs(purpose), to: 'service', event },
    ];
  }

  /** A request comes to the service's address: what the phone network learns there. */
  connect(id: number, reachability: Reachability, nowMs: number): Delivery[] {
    if (reachability !== 'open') this.#unanswered.add(id);
    switch (reachability) {
      case 'open':
        return [{ atMs: nowMs, ...news(id, { type: 'http.connected', id }) }];
      case 'refused':
        return [{ atMs: nowMs, ...news(id, { type: 'http.failed', id, stage: 'connect' }) }];
      case 'badGateway':
        return [{ atMs: nowMs, ...news(id, { type: 'http.answered', id, answer: badGateway }) }];
      case 'silent':
        // The phone network finds out by itself that nobody answers (TW-HOOK-6).
        return [];
    }
  }

  /** Whether a request that came to the address is taken. One whose service has died meanwhile breaks off. */
  deliver(
    id: number,
    reachability: Reachability,
    nowMs: number,
  ): { readonly isTaken: boolean; readonly deliveries: Delivery[] } {
    if (this.#unanswered.delete(id)) return { isTaken: false, deliveries: [] };
    if (reachability === 'open') return { isTaken: true, deliveries: [] };
    return { isTaken: false, deliveries: [{ atMs: nowMs, ...news(id, { type: 'http.failed', id, stage: 'read' }) }] };
  }

  /** The service answers. */
  answer(id: number, answer: HttpAnswer, nowMs: number): Delivery[] {
    return [{ atMs: this.#link.arrivalMs(nowMs), ...news(id, { type: 'http.answered', id, answer }) }];
  }

  /** The fallback lies on another machine, which is always there. */
  #answeredElsewhere(id: number, atMs: number): Delivery[] {
    const answer: HttpAnswer = {
      status: 200,
      contentType: 'text/xml',
      location: null,
      body: this.#fallbackTwiml ?? '',
    };
    return [{ atMs: this.#link.arrivalMs(atMs), ...news(id, { type: 'http.answered', id, answer }) }];
  }
}

function news(
  id: number,
  event: HttpNews,
): { to: 'carrier'; event: HttpNews } | { to: 'conferences'; event: HttpNews } {
  return id < 0 ? { to: 'conferences', event: { ...event, id: -id } } : { to: 'carrier', event };
}
