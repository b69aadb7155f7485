import type { CallEvent } from '../../../call/events.ts';
import type { FaultOf } from '../../faults/fault.ts';
import type { ServiceEffect, ServiceEvent, ServiceMachine } from '../service-machine.ts';
import type { Reachability } from '../webhook-network.ts';

/** What a process does, and which one it is. */
export interface ProcessEffects {
  readonly life: number;
  readonly effects: readonly ServiceEffect[];
}

/** What a step of the call in some process is to the call: `taken`: the process has it from here on; `displaced`: another one has it. */
export type StepPlace = 'goesOn' | 'taken' | 'displaced';

/** The processes of the service, which are counted from 0. */
export interface Processes {
  /** The one that faults strike: at the address, or was there last; of several, the one that has the call. */
  readonly life: number;
  /** Who answers at the service's address. */
  readonly reachability: Reachability;
  /** The process that is due first, and when. */
  nextDue(): { readonly life: number; readonly atMs: number } | null;
  /** A stream or a connection to the model is this process's. */
  own(key: string | number, life: number): void;
  /** For which process an event is that comes on a socket. */
  ownerOf(event: ServiceEvent): number;
  /** Which process answers at this path or address. */
  at(path: string): number;
  /** Something reaches a process. What was sent to one that is gone is lost. */
  handle(event: ServiceEvent, life: number, atMs: number): readonly ServiceEffect[];
  /** The call takes a step in a process. */
  step(event: CallEvent, life: number): StepPlace;
  /** Whether another process has the call. */
  isDisplaced(life: number): boolean;
  /** Whether the process that faults strike has the call. */
  readonly hasCall: boolean;
  /** Puts an end to the process that faults strike. Returns whether there was one. */
  kill(meanwhile: FaultOf<'serviceKilled'>['meanwhile']): boolean;
  /** A process other than that has ended by itself. Returns whether another one is to follow. */
  leaves(life: number): boolean;
  /** Requests that died with their process, and that a proxy answers. */
  takeBroken(): readonly number[];
  /** Starts another one, if one is missing. */
  restart(): ServiceMachine | null;
  /** The process stands still, and another one takes its place at once. Returns whether there was one. */
  freeze(): boolean;
  /** The one that stood still goes on: it gets all at once what came for it meanwhile. */
  thaw(atMs: number): ProcessEffects | null;
}
