import { planDestinations, type PlannedDestinations } from '../../config/destinations/destination-schema.ts';
import { readHours } from '../../config/destinations/read-hours.ts';
import type { AgentProfile } from '../agent-profile.ts';
import type { AgentsMeans } from './agent-checks.ts';
import type { AgentFields } from './agent-fields.ts';

/** Where an agent of the file may connect callers: as its fields say, in its time zone, or as the agent of the environment does. */
export function agentDestinations(
  { schedule, fallback }: AgentProfile,
  { destinations: forms }: AgentFields,
  { base, transfers }: AgentsMeans,
): PlannedDestinations {
  if (forms === undefined) return { destinations: base.destinations, faults: [] };
  return planDestinations(forms, {
    ...transfers,
    takesMessages: fallback.voicemail !== null,
    readHours: (value) => readHours(value, schedule),
  });
}
