import type { FaultOf } from '../../faults/fault.ts';
import type { CallEvent } from '../../../call/events.ts';
import type { ProcessEffects, Processes, StepPlace } from './processes.ts';
import type { ServiceEffect, ServiceEvent, ServiceMachine } from '../service-machine.ts';
import type { Reachability } from '../webhook-network.ts';

/** Makes the service of a process; `life` counts the processes from 0. */
type MakeProcess = (life: number) => ServiceMachine;

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
export class ServiceProcesses implements Processes {
  /** The process that has the call, as far as its steps say. */
  #holder = 0;
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

  get reachability(): Reachability {
    return this.#reachability;
  }

  get life(): number {
    return this.#life;
  }

  nextDue(): { readonly life: number; readonly atMs: number } | null {
    const atMs = this.#current?.service.nextDeadline() ?? null;
    const thawedMs = this.#thawed?.service.nextDeadline() ?? null;
    if (this.#thawed !== null && thawedMs !== null && (atMs === null || thawedMs < atMs)) {
      return { life: this.#thawed.life, atMs: thawedMs };
    }
    return atMs === null ? null : { life: this.#life, atMs };
  }

  own(key: string | number, life: number): void {
    this.#owners.set(key, life);
  }

  ownerOf(event: ServiceEvent): number {
    const key = 'streamSid' in event ? event.streamSid : 'session' in event ? event.session : null;
    return (key === null ? null : this.#owners.get(key)) ?? this.#life;
  }

  at(): number {
    return this.#life;
  }

  step(event: CallEvent, life: number): StepPlace {
    // What a process does with a call that another one has taken over meanwhile, nobody may notice.
    if (life < this.#holder) return 'displaced';
    // A process may also take back what it has released.
    const isTaken = life > this.#holder || event.type === 'call.restored';
    this.#holder = life;
    return isTaken ? 'taken' : 'goesOn';
  }

  get hasCall(): boolean {
    return this.#life === this.#holder;
  }

  isDisplaced(life: number): boolean {
    return life < this.#holder;
  }

  leaves(): boolean {
    return false;
  }

  /** Nobody answers for it. */
  takeBroken(): readonly number[] {
    return [];
  }

  handle(event: ServiceEvent, life: number, atMs: number): readonly ServiceEffect[] {
    if (this.#current?.life === life) return this.#current.service.handle(event, atMs);
    if (this.#thawed?.life === life) return this.#thawed.service.handle(event, atMs);
    if (this.#frozen?.life === life) this.#frozen.waiting.push(event);
    return [];
  }

  kill(meanwhile: FaultOf<'serviceKilled'>['meanwhile']): boolean {
    if (this.#current === null) return false;
    this.#current = null;
    this.#life += 1;
    this.#reachability = meanwhile;
    return true;
  }

  restart(): ServiceMachine {
    const service = this.#make(this.#life);
    this.#current = { life: this.#life, service };
    this.#reachability = 'open';
    return service;
  }

  freeze(): boolean {
    if (this.#current === null) return false;
    this.#frozen = { ...this.#current, waiting: [] };
    this.#life += 1;
    this.restart();
    return true;
  }

  thaw(atMs: number): ProcessEffects | null {
    const frozen = this.#frozen;
    if (frozen === null) return null;
    this.#frozen = null;
    this.#thawed = frozen;
    const effects = frozen.waiting.flatMap((event) => frozen.service.handle(event, atMs));
    return { life: frozen.life, effects };
  }
}
