import type { CarrierEvent } from '../carrier/carrier-events.ts';
import type { ConferenceEvent } from '../carrier/conference/conference-events.ts';
import type { RestRequest } from '../carrier/rest/rest-answer.ts';
import type { Fault } from '../faults/fault.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import { Agenda } from '../model/agenda.ts';
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

/** All that is on its way, in order of arrival. */
export class Deliveries {
  readonly #faults: FaultPlan;
  readonly #ownerOf: (event: ServiceEvent) => number;
  readonly #agenda = new Agenda<Item>();

  /** `ownerOf`: for which process something is that comes on a socket. */
  constructor(faults: FaultPlan, ownerOf: (event: ServiceEvent) => number) {
    this.#faults = faults;
    this.#ownerOf = ownerOf;
  }

  /** Adds what happens at a time of its own, whichever process is there by then. */
  plan(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) this.#agenda.add(delivery.atMs, delivery);
  }

  /** Adds what was sent. */
  add(deliveries: readonly Delivery[]): void {
    for (const delivery of deliveries) {
      if (delivery.to !== 'service') this.#agenda.add(delivery.atMs, delivery);
      else {
        // A busy process reads the sockets of the model first, and those of the callers behind them.
        const atMs = this.#faults.idleFromMs(delivery.atMs, 'streamSid' in delivery.event ? 1 : 0);
        this.#agenda.add(atMs, { ...delivery, life: delivery.life ?? this.#ownerOf(delivery.event) });
      }
    }
  }

  nextDeadline(): number | null {
    return this.#agenda.nextDeadline();
  }

  /** Takes out what is due next, or gives null. Frames of one stream that arrive together are read together. */
  takeDue(atMs: number): Item | null {
    const item = this.#agenda.takeDue(atMs);
    if (item?.to !== 'service' || item.event.type !== 'stream.received') return item;
    const { streamSid } = item.event;
    const frames = [...item.event.frames];
    for (;;) {
      const next = this.#agenda.dueAt(atMs);
      if (next?.to !== 'service' || next.life !== item.life || next.event.type !== 'stream.received') break;
      if (next.event.streamSid !== streamSid) break;
      frames.push(...next.event.frames);
      this.#agenda.takeDue(atMs);
    }
    return { ...item, event: { ...item.event, frames } };
  }
}
