import type { CarrierEvent } from '../carrier/carrier-events.ts';
import type { ConferenceEvent } from '../carrier/conference/conference-events.ts';
import type { RestRequest } from '../carrier/rest/rest-answer.ts';
import type { Fault } from '../faults/fault.ts';
import type { ModelEvent } from '../model/simulated-model.ts';
import type { ServiceEvent } from './service-machine.ts';

/** What is on its way between the parts of the world, or planned, and to whom. */
export type Item =
  | { readonly to: 'carrier'; readonly event: CarrierEvent }
  | { readonly to: 'conferences'; readonly event: ConferenceEvent }
  /** `life`: which process it is meant for, counted from 0; one that was killed takes what was sent to it along. */
  | { readonly to: 'service'; readonly event: ServiceEvent; readonly life?: number }
  /** `connection`: which of the sockets to the model it was sent on, counted over the whole call. */
  | { readonly to: 'model'; readonly connection: number; readonly event: ModelEvent }
  /** A request to the phone network's REST interface. */
  | { readonly to: 'rest'; readonly id: number; readonly request: RestRequest }
  /** A request comes to the service's address, where it may find nobody. */
  | { readonly to: 'address'; readonly id: number }
  | { readonly to: 'world'; readonly fault: Fault }
  /** The service starts again. */
  | { readonly to: 'world'; readonly restarts: true }
  /** The process that stood still goes on. */
  | { readonly to: 'world'; readonly thaws: true };

/** An item and when it arrives. */
export type Delivery = Item & { readonly atMs: number };
