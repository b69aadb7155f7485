import type { CallStatus, CarrierEffect } from '../carrier/carrier-events.ts';
import type { ConferenceEffect } from '../carrier/conference/conference-events.ts';
import type { RestAccount } from '../carrier/rest/rest-account.ts';
import type { NextRandom } from '../seeded-random.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { Delivery } from './delivery.ts';
import { MediaNetwork } from './media-network.ts';
import type { ModelNetwork } from './model-network.ts';
import { RestDesk } from './rest-desk.ts';
import type { ServiceEffect } from './service-machine.ts';
import { type Reachability, WebhookNetwork } from './webhook-network.ts';

/** What the phone network puts on its way. */
export type CarrierMessage = Extract<
  CarrierEffect,
  { type: 'http.request' | 'socket.open' | 'socket.send' | 'socket.close' | 'socket.drop' | 'socket.abandon' }
>;

/** What the service puts on its way. */
export type ServiceMessage = Exclude<ServiceEffect, { type: 'context.ask' | 'tool.run' | 'service.stopped' }>;

/** The four roads between the parts of the world: webhooks, media, the model, and the REST interface. */
export class Networks {
  readonly web: WebhookNetwork;
  readonly media: MediaNetwork;
  readonly model: ModelNetwork;
  readonly rest: RestDesk;

  constructor(
    faults: FaultPlan,
    nextRandom: NextRandom,
    fallbackTwiml: string | null,
    account: RestAccount,
    model: ModelNetwork,
  ) {
    this.web = new WebhookNetwork(faults, nextRandom, fallbackTwiml);
    this.media = new MediaNetwork(faults, nextRandom);
    this.model = model;
    this.rest = new RestDesk(account, faults, nextRandom);
  }

  /** Something of a call sets out. `reachability`: who answers at the service's address. */
  ofCarrier(effect: CarrierMessage, reachability: Reachability, nowMs: number): Delivery[] {
    switch (effect.type) {
      case 'http.request':
        return this.web.request(effect, nowMs);
      case 'socket.open':
        return this.media.open(effect.streamSid, reachability, nowMs);
      case 'socket.send':
        return this.media.sendIn(effect.streamSid, effect.text, nowMs);
      case 'socket.close':
        return this.media.closeIn(effect.streamSid, effect.code, nowMs);
      case 'socket.drop':
        return this.media.closeIn(effect.streamSid, 1006, nowMs);
      case 'socket.abandon':
        return this.media.abandon(effect.streamSid, nowMs);
    }
  }

  /** A request of the conferences sets out. */
  ofConferences(effect: Extract<ConferenceEffect, { type: 'http.request' }>, nowMs: number): Delivery[] {
    return this.web.request({ ...effect, id: -effect.id }, nowMs);
  }

  /** Something of the service sets out. `status`: that of the call. */
  ofService(effect: ServiceMessage, status: CallStatus, nowMs: number): Delivery[] {
    switch (effect.type) {
      case 'http.answer':
        return this.web.answer(effect.id, effect.answer, nowMs);
      case 'stream.send':
        return this.media.sendOut({ type: 'socket.received', streamSid: effect.streamSid, data: effect.text }, nowMs);
      case 'stream.close':
        return this.media.sendOut({ type: 'socket.closed', streamSid: effect.streamSid, code: effect.code }, nowMs);
      case 'stream.ping':
        return this.media.ping(effect.streamSid, nowMs);
      case 'stream.drop':
        return this.media.drop(effect.streamSid, nowMs);
      case 'model.connect':
        return this.model.connect(effect, nowMs);
      case 'model.send':
        return this.model.send(effect.session, { type: 'message.received', message: effect.message }, nowMs);
      case 'model.close':
        return this.model.close(effect.session, nowMs);
      case 'model.drop':
        return this.model.drop(effect.session, nowMs);
      case 'rest.update':
        return this.rest.update(effect.twiml, status, nowMs);
      case 'rest.request':
        return this.rest.send(effect.id, effect.request, nowMs);
    }
  }
}
