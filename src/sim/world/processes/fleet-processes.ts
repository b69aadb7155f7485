import type { CallEvent } from '../../../call/events.ts';
import type { Processes, StepPlace } from './processes.ts';
import type { ServiceEffect, ServiceEvent, ServiceMachine } from '../service-machine.ts';
import type { Reachability } from '../webhook-network.ts';

/** What a process of several is called, and what it knows of the others. */
export interface FleetPlace {
  readonly instance: string;
  /** In the journal: begins with the instance. */
  readonly name: string;
  readonly lives: (name: string) => boolean;
  readonly successor: () => string | null;
  readonly takerOf: () => string | null;
  /** Whether it has room for a new call. */
  readonly hasRoom: () => boolean;
}

/** Which processes there are, and when. */
export interface FleetScript {
  readonly instances: readonly string[];
  /** Whether an instance has room for a new call at this moment; always unless set. */
  readonly hasRoom?: (instance: string, atMs: number) => boolean;
}

/** Makes the service of a process; `life` counts the processes from 0. */
type MakeFleetProcess = (life: number, place: FleetPlace) => ServiceMachine;

/** How long the others take a process for alive that was killed, and one that is about to end or is full for one that takes calls. */
const unawareMs = { ofDeath: 8_000, ofDrain: 2_000, ofRoom: 2_000 };

interface FleetProcess {
  readonly life: number;
  readonly instance: string;
  readonly name: string;
  readonly service: ServiceMachine;
  /** Requests that it has not answered. */
  readonly asked: Set<number>;
  drainsFromMs: number;
  goneFromMs: number;
}

/**
 * Several processes of the service behind a proxy, which leads each request to the instance that its path names, and to a survivor where that
 * is gone. Whatever strikes the service strikes the process that has the call.
 */
export class FleetProcesses implements Processes {
  readonly #make: MakeFleetProcess;
  readonly #hasRoom: NonNullable<FleetScript['hasRoom']>;
  /** Also those that are gone, as long as others may not know it. */
  readonly #all: FleetProcess[] = [];
  readonly #names: string[] = [];
  readonly #owners = new Map<string | number, number>();
  #lives = 0;
  #holder = 0;
  #hasBegun = false;
  #nowMs = 0;
  #turn = 0;
  #broken: number[] = [];

  constructor(make: MakeFleetProcess, { instances, hasRoom = () => true }: FleetScript) {
    this.#make = make;
    this.#hasRoom = hasRoom;
    for (const instance of instances) this.#start(instance);
  }

  get life(): number {
    return this.#holder;
  }

  get reachability(): Reachability {
    return this.#running.length > 0 ? 'open' : 'refused';
  }

  nextDue(): { readonly life: number; readonly atMs: number } | null {
    const due = this.#running.flatMap(({ life, service }) => {
      const atMs = service.nextDeadline();
      return atMs === null ? [] : [{ life, atMs }];
    });
    return due.toSorted((a, b) => a.atMs - b.atMs || a.life - b.life)[0] ?? null;
  }

  own(key: string | number, life: number): void {
    this.#owners.set(key, life);
  }

  ownerOf(event: ServiceEvent): number {
    const key = 'streamSid' in event ? event.streamSid : 'session' in event ? event.session : null;
    return (key === null ? null : this.#owners.get(key)) ?? this.#holder;
  }

  /** New calls are led to those that take some. */
  at(path: string): number {
    const instance = /\/i\/([^/]+)\/twilio\//.exec(path)?.[1];
    const named = this.#running.find((one) => one.instance === instance);
    const ready = this.#running.find((one) => one.drainsFromMs === Infinity);
    return (named ?? ready ?? this.#running[0])?.life ?? this.#holder;
  }

  handle(event: ServiceEvent, life: number, atMs: number): readonly ServiceEffect[] {
    this.#nowMs = atMs;
    const found = this.#running.find((one) => one.life === life);
    if (found === undefined) return [];
    if (event.type === 'service.restarting') found.drainsFromMs = atMs;
    if (event.type === 'http.requested') {
      found.asked.add(event.id);
      if (!this.#hasBegun) this.#holder = life;
    }
    const effects = found.service.handle(event, atMs);
    for (const effect of effects) if (effect.type === 'http.answer') found.asked.delete(effect.id);
    return effects;
  }

  step(event: CallEvent, life: number): StepPlace {
    const takes = event.type === 'call.restored' || !this.#hasBegun;
    this.#hasBegun = true;
    if (!takes) return this.#holder === life ? 'goesOn' : 'displaced';
    this.#holder = life;
    return event.type === 'call.restored' ? 'taken' : 'goesOn';
  }

  /** Faults strike whichever has it. */
  get hasCall(): boolean {
    return true;
  }

  isDisplaced(life: number): boolean {
    return life !== this.#holder;
  }

  kill(): boolean {
    const found = this.#running.find((one) => one.life === this.#holder);
    if (found === undefined) return false;
    found.goneFromMs = this.#nowMs;
    this.#broken.push(...found.asked);
    return true;
  }

  leaves(life: number): boolean {
    const found = this.#running.find((one) => one.life === life);
    if (found === undefined) return false;
    this.#all.splice(this.#all.indexOf(found), 1);
    return true;
  }

  takeBroken(): readonly number[] {
    return this.#broken.splice(0);
  }

  /** Starts the instance that has been gone for longest. */
  restart(): ServiceMachine | null {
    const isRunning = (instance: string): boolean => this.#running.some((one) => one.instance === instance);
    const missing = this.#names.find((instance) => !isRunning(instance));
    return missing === undefined ? null : this.#start(missing);
  }

  /** One that stands still is none of the things that a proxy sees. */
  freeze(): boolean {
    return false;
  }

  thaw(): null {
    return null;
  }

  get #running(): readonly FleetProcess[] {
    return this.#all.filter(({ goneFromMs }) => goneFromMs === Infinity);
  }

  #start(instance: string): ServiceMachine {
    const life = this.#lives;
    this.#lives += 1;
    if (!this.#names.includes(instance)) this.#names.push(instance);
    const name = `${instance}.${life}`;
    const service = this.#make(life, {
      instance,
      name,
      lives: (other) => this.#seemsAlive(other),
      successor: () => this.#nextOf(this.#takersBeside(instance)),
      takerOf: () => this.#nextOf(this.#takersBeside(instance).filter((one) => this.#seemsRoomy(one))),
      hasRoom: () => this.#hasRoom(instance, this.#nowMs),
    });
    this.#all.push({ life, instance, name, service, asked: new Set(), drainsFromMs: Infinity, goneFromMs: Infinity });
    return service;
  }

  #seemsAlive(name: string): boolean {
    return this.#all.some((one) => one.name === name && this.#nowMs < one.goneFromMs + unawareMs.ofDeath);
  }

  #seemsRoomy({ instance }: FleetProcess): boolean {
    return this.#hasRoom(instance, Math.max(0, this.#nowMs - unawareMs.ofRoom));
  }

  #takersBeside(instance: string): readonly FleetProcess[] {
    return this.#all.filter(
      (one) =>
        one.instance !== instance && this.#seemsAlive(one.name) && this.#nowMs < one.drainsFromMs + unawareMs.ofDrain,
    );
  }

  #nextOf(takers: readonly FleetProcess[]): string | null {
    this.#turn += 1;
    return takers[this.#turn % takers.length]?.instance ?? null;
  }
}
