import type { ServiceOptions } from '../../host/phone-service.ts';
import type { FleetPlace } from '../world/processes/fleet-processes.ts';

/** What a service is told of the others among which it is; nothing where it is alone. */
export function fleetOptions(place: FleetPlace | null): Pick<ServiceOptions, 'fleet' | 'slots'> {
  if (place === null) return {};
  return {
    slots: () => (place.hasRoom() ? 1 : 0),
    fleet: { instance: place.instance, peers: place, streamKeys: ['simulated'] },
  };
}
