import type { FaultOf } from '../faults/fault.ts';
import type { ServiceEffect, ServiceEvent, ServiceMachine } from './service-machine.ts';
import type { Door } from './webhook-network.ts';

/** Where the service under test lives: it may be killed or end by itself, and another one may move in later. */
export class ServiceHouse {
  readonly #make: () => ServiceMachine;
  /** Null while the service is down. */
  #service: ServiceMachine | null;
  #life = 0;
  #door: Door = 'open';

  constructor(make: () => ServiceMachine) {
    this.#make = make;
    this.#service = make();
  }

  /** Who answers at the service's address. */
  get door(): Door {
    return this.#door;
  }

  /** How many services there were before this one. What is on its way to one of them is for no other. */
  get life(): number {
    return this.#life;
  }

  nextDeadline(): number | null {
    return this.#service?.nextDeadline() ?? null;
  }

  handle(event: ServiceEvent, atMs: number): readonly ServiceEffect[] {
    return this.#service?.handle(event, atMs) ?? [];
  }

  /** Puts an end to the service. Returns whether there was one. */
  kill(meanwhile: FaultOf<'serviceKilled'>['meanwhile']): boolean {
    if (this.#service === null) return false;
    this.#service = null;
    this.#life += 1;
    this.#door = meanwhile;
    return true;
  }

  /** Starts another one. */
  restart(): ServiceMachine {
    const service = this.#make();
    this.#service = service;
    this.#door = 'open';
    return service;
  }
}
