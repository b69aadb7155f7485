import { beginLease, type LeaseBeginning } from '../../src/fleet/begin-lease.ts';
import type { LeaseStore } from '../../src/fleet/lease.ts';
import { LeaseKeeper } from '../../src/fleet/lease-keeper.ts';
import type { Remains } from '../../src/fleet/lease-rules.ts';
import { timesSentMax } from '../../src/host/incoming/incoming-calls.ts';
import { MemoryLeases } from '../../src/sim/driver/memory-leases.ts';
import { VirtualClock } from '../../src/sim/driver/virtual-clock.ts';
import type { Clock } from '../../src/system/clock.ts';
import { textSum } from '../../src/fleet/text-sum.ts';
import { LogLines } from '../log-lines.ts';
import { passTime } from '../virtual-time.ts';
import { ProcessClock } from './process-clock.ts';

/** A process of a fleet, as far as its lease is concerned: it takes calls while it has slots, and fetches those of processes that fell. */
export class FleetProcess {
  readonly clock: ProcessClock;
  readonly keeper: LeaseKeeper;
  readonly name: string;
  readonly instance: string | null;
  readonly calls = new Set<string>();
  readonly #ownCallsMax: number;
  /** Nothing gets through to the store, or back. */
  isCutOff = false;
  thereMs = 1;
  backMs = 1;
  takesCalls = true;
  isLate = false;
  doubts = 0;
  isReplaced = false;
  beginning: LeaseBeginning | null = null;

  constructor(
    scene: Pick<FleetScene, 'log' | 'callsMax' | 'ownCallsMax'>,
    {
      name,
      instance,
      clock,
    }: { readonly name: string; readonly instance: string | null; readonly clock: ProcessClock },
    storeFor: (clock: Clock, process: FleetProcess) => LeaseStore,
    onFallen: (callSids: readonly string[], by: FleetProcess) => void,
  ) {
    this.name = name;
    this.instance = instance;
    this.clock = clock;
    const {
      callsMax,
      ownCallsMax,
      log: { logger: log },
    } = scene;
    this.#ownCallsMax = ownCallsMax;
    const store = storeFor(clock, this);
    this.keeper = new LeaseKeeper({ store, clock, log, holder: name, instance, callsMax, ownCallsMax });
    this.keeper.watch({
      calls: () => this.calls.size,
      takesCalls: () => this.takesCalls,
      isLate: () => this.isLate,
      pages: () => null,
      onFallen: (fallen, peers) => {
        const ofOthers = fallen.flatMap(({ talking }) => talking);
        onFallen(
          ofOthers.filter((_, at) => peers[at % peers.length] === name),
          this,
        );
      },
      onDoubt: () => (this.doubts += 1),
      onReplaced: () => (this.isReplaced = true),
    });
    beginLease(this.keeper, clock, (beginning) => (this.beginning = beginning));
  }

  /** For how many more calls it has room. */
  get room(): number {
    if (this.beginning?.kind !== 'held' || this.isLate || !this.takesCalls) return 0;
    return Math.max(0, Math.min(this.keeper.slots, this.#ownCallsMax) - this.calls.size);
  }

  /** A new call comes. Returns whether it was taken. */
  admits(callSid: string): boolean {
    if (this.room === 0) return false;
    this.calls.add(callSid);
    return true;
  }
}

/** Processes that share a limit, and their store, in virtual time. */
export class FleetScene {
  readonly world = new VirtualClock(Date.UTC(2026, 0, 1));
  readonly log = new LogLines('info');
  readonly leases: MemoryLeases;
  readonly processes: FleetProcess[] = [];
  readonly callsMax: number;
  readonly ownCallsMax: number;
  /** Whether the calls of a process that fell wait for another one. */
  areFetched = true;
  #names = 0;
  #numbers = 0;

  /** `ownCallsMax`: how many each takes at most. */
  constructor(callsMax: number, ownCallsMax = callsMax) {
    this.callsMax = callsMax;
    this.ownCallsMax = ownCallsMax;
    // The clock of the store is nobody's.
    this.leases = new MemoryLeases(
      () => this.world.unixMs() - 3_600_000,
      (process) => this.#remainsOf(process),
    );
  }

  /** All calls, those of processes that are gone included. */
  get liveCalls(): number {
    return this.processes.reduce((sum, { calls }) => sum + calls.size, 0);
  }

  get living(): readonly FleetProcess[] {
    return this.processes.filter(({ clock }) => !clock.isDead);
  }

  starts(instance: string | null = null, aheadMs = 0): FleetProcess {
    this.#names += 1;
    const process = new FleetProcess(
      this,
      { name: `process-${this.#names}`, instance, clock: new ProcessClock(this.world, aheadMs) },
      (clock, of) =>
        this.leases.seenBy(clock, {
          thereMs: () => (of.isCutOff ? null : of.thereMs),
          backMs: () => (of.isCutOff ? null : of.backMs),
        }),
      (callSids, by) => this.#fetch(callSids, by),
    );
    this.processes.push(process);
    return process;
  }

  /** Processes that have their leases, and as much of the limit as is fair. */
  fleet(size: number): readonly FleetProcess[] {
    const all = Array.from({ length: size }, (_, at) => this.starts(`i${at}`, 5_000 * (at % 2)));
    this.passes(10_000);
    return all;
  }

  passes(ms: number): this {
    passTime(this.world, ms);
    return this;
  }

  newCall(): string {
    this.#numbers += 1;
    return `CA${this.#numbers}`;
  }

  /**
   * A new call comes to a process, which sends it on where it has no room, as the product does. What is sent to one that is gone comes to one
   * that is ready, if there is one, as a proxy has it. Returns who took it; null when it was refused.
   */
  offers(process: FleetProcess, callSid: string, timesSent = 0): FleetProcess | null {
    if (process.admits(callSid)) return process;
    const instance = timesSent < timesSentMax ? process.keeper.takerOf(callSid) : null;
    if (instance === null) return null;
    const ready = this.living.filter(({ room }) => room > 0);
    const anybody = ready.length > 0 ? ready : this.living;
    const next = this.living.find((one) => one.instance === instance) ?? anybody[textSum(callSid) % anybody.length];
    return next === undefined ? null : this.offers(next, callSid, timesSent + 1);
  }

  /** Offers calls to a process until it takes no more. Returns how many it took. */
  fills(process: FleetProcess): number {
    const before = process.calls.size;
    while (process.admits(this.newCall())) {}
    return process.calls.size - before;
  }

  #fetch(callSids: readonly string[], by: FleetProcess): void {
    if (!this.areFetched) return;
    for (const callSid of callSids) {
      const from = this.processes.find((one) => one !== by && one.calls.delete(callSid));
      if (from !== undefined) by.calls.add(callSid);
    }
  }

  #remainsOf(name: string): Remains {
    const calls = [...(this.processes.find((one) => one.name === name)?.calls ?? [])];
    return { hasCalls: calls.length > 0, talking: calls };
  }
}
