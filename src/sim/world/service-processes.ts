import type { FaultOf } from '../faults/fault.ts';
import type { ServiceEffect, ServiceEvent, ServiceMachine } from './service-machine.ts';
import type { Reachability } from './webhook-network.ts';

/** Makes the service of a process; `life` counts the processes from 0. */
export type MakeProcess = (life: number) => ServiceMachine;

/** What a process does, and which one it is. */
export interface ProcessEffects {
  readonly life: number;
  readonly effects: readonly ServiceEffect[];
}

interface Process {
  readonly life: number;
  readonly service: ServiceMachine;
}

/** One that stands still: what reaches it waits. */
interface FrozenProcess extends Process {
  readonly waiting: ServiceEvent[];
}

/**
 * The processes of the service: the one at its address, which may be killed and followed by another, and one that stood still and was
 * replaced meanwhile without knowing it.
 */
export class ServiceProcesses {
  /** The process that has the call, as far as its steps say. */
  holder = 0;
  readonly #make: MakeProcess;
  /** The one at the address; null while there is none. */
  #current: Process | null;
  #frozen: FrozenProcess | null = null;
  #thawed: Process | null = null;
  #life = 0;
  #reachability: Reachability = 'open';
  /** Which process a stream or a connection to the model belongs to. */
  readonly #owners = new Map<string | number, number>();

  constructor(make: MakeProcess) {
    this.#make = make;
    this.#current = { life: 0, service: make(0) };
  }

  /** Who answers at the service's address. */
  get reachability(): Reachability {
    return this.#reachability;
  }

  /** Which process is at the address, or was there last. */
  get life(): number {
    return this.#life;
  }

  /** The process that is due first, and when. */
  nextDue(): { readonly life: number; readonly atMs: number } | null {
    const atMs = this.#current?.service.nextDeadline() ?? null;
    const thawedMs = this.#thawed?.service.nextDeadline() ?? null;
    if (this.#thawed !== null && thawedMs !== null && (atMs === null || thawedMs < atMs)) {
      return { life: this.#thawed.life, atMs: thawedMs };
    }
    return atMs === null ? null : { life: this.#life, atMs };
  }

  /** A stream or a connection to the model is this process's. */
  own(key: string | number, life: number): void {
    this.#owners.set(key, life);
  }

  /** For which process an event is that comes on a socket; the one at the address for any other. */
  ownerOf(event: ServiceEvent): number {
    const key = 'streamSid' in event ? event.streamSid : 'session' in event ? event.session : null;
    return (key === null ? null : this.#owners.get(key)) ?? this.#life;
  }

  /** Something reaches a process. What was sent to one that is gone is lost. */
  handle(event: ServiceEvent, life: number, atMs: number): readonly ServiceEffect[] {
    if (this.#current?.life === life) return this.#current.service.handle(event, atMs);
    if (this.#thawed?.life === life) return this.#thawed.service.handle(event, atMs);
    if (this.#frozen?.life === life) this.#frozen.waiting.push(event);
    return [];
  }

  /** Puts an end to the process at the address. Returns whether there was one. */
  kill(meanwhile: FaultOf<'serviceKilled'>['meanwhile']): boolean {
    if (this.#current === null) return false;
    this.#current = null;
    this.#life += 1;
    this.#reachability = meanwhile;
    return true;
  }

  /** Starts another one. */
  restart(): ServiceMachine {
    const service = this.#make(this.#life);
    this.#current = { life: this.#life, service };
    this.#reachability = 'open';
    return service;
  }

  /** The process at the address stands still, and another one takes its place at once. Returns whether there was one. */
  freeze(): boolean {
    if (this.#current === null) return false;
    this.#frozen = { ...this.#current, waiting: [] };
    this.#life += 1;
    this.restart();
    return true;
  }

  /** The one that stood still goes on: it gets all at once what came for it meanwhile. */
  thaw(atMs: number): ProcessEffects | null {
    const frozen = this.#frozen;
    if (frozen === null) return null;
    this.#frozen = null;
    this.#thawed = frozen;
    const effects = frozen.waiting.flatMap((event) => frozen.service.handle(event, atMs));
    return { life: frozen.life, effects };
  }
}
