import type { ServiceDrivers } from '../../host/phone-service.ts';
import type { Clock } from '../../system/clock.ts';
import type { FaultPlan } from '../faults/fault-plan.ts';

/** How late and how busy a process is, by the faults of its scenario. */
export function plannedLoad(faults: FaultPlan, clock: Clock): Pick<ServiceDrivers, 'eventLoopDelay' | 'busyness'> {
  const delayMs = (): number => faults.processLateMs(clock.nowMs());
  return {
    eventLoopDelay: { delayMs },
    busyness: {
      get isBusy() {
        return delayMs() > 0;
      },
    },
  };
}
