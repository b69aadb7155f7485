import type { ServiceMachine } from '../service-machine.ts';
import { type FleetPlace, FleetProcesses, type FleetScript } from './fleet-processes.ts';
import type { Processes } from './processes.ts';
import { ServiceProcesses } from './service-processes.ts';

/** Makes the service of a process; `life` counts the processes from 0, and `place` is where it is among several. */
export type MakeService = (life: number, place: FleetPlace | null) => ServiceMachine;

/** One process after the other, or several. */
export function makeProcesses(fleet: FleetScript | undefined, make: MakeService): Processes {
  if (fleet === undefined) return new ServiceProcesses((life) => make(life, null));
  return new FleetProcesses(make, fleet);
}
