import type { MulawCodec } from '../../audio/mulaw.ts';
import type { EndReason } from '../../call/effects.ts';
import type { MakeCaller } from './placed-call.ts';
import type { CarrierNote } from '../carrier/carrier-events.ts';
import type { StreamReport } from '../carrier/stream/media-stream.ts';
import type { Fault } from '../faults/fault.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';
import type { SessionReport } from '../model/session-report.ts';
import type { WorldScenario } from '../scenario/world-scenario.ts';
import type { FleetPlace, FleetScript } from './processes/fleet-processes.ts';
import type { ObserveStep, ServiceEffect, ServiceMachine } from './service-machine.ts';

/** Who sees what happens in the world while it happens. Times are ms since the call was placed. */
export interface WorldObserver {
  onNote(note: CarrierNote): void;
  onStep(atMs: number, ...step: Parameters<ObserveStep>): void;
  onFault(atMs: number, fault: Fault): void;
}

/** What a world is made of. */
export interface WorldParts {
  readonly scenario: WorldScenario;
  readonly codec: MulawCodec;
  /** Makes who calls, who tells of each clip that begins; the caller of the scenario unless set. */
  readonly makeCaller?: MakeCaller | undefined;
  /** Several processes; one without a name unless set. */
  readonly fleet?: FleetScript | undefined;
  /** Called for each process at the start, and again for each that follows one that is gone. `place`: where it is among several. */
  readonly makeService: (
    observe: ObserveStep,
    faults: FaultPlan,
    atMs: number,
    place: FleetPlace | null,
  ) => ServiceMachine;
  /** A service that follows one that is gone is there: what it does first, before anything reaches it. */
  readonly restored?: (service: ServiceMachine, atMs: number) => readonly ServiceEffect[];
  readonly observer: WorldObserver;
}

/** What became of a simulated call. */
export interface WorldReport {
  /** What did not hold, one sentence each; empty when all was well. */
  readonly broken: readonly string[];
  /** Why the call ended; null when it did not. */
  readonly endReason: EndReason | null;
  /** How long the caller was on the line, in ms. */
  readonly callMs: number;
  /** The model's side of the call: the sessions in the order in which they were opened. */
  readonly modelSessions: readonly SessionReport[];
  /** What the phone network played and heard, stream by stream. */
  readonly streams: readonly StreamReport[];
}
