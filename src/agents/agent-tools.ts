import { createTools, type Tool } from '../tools/tool.ts';
import { createTransferCall, transferCallName } from '../tools/transfer-call.ts';
import type { AgentProfile } from './agent-profile.ts';

/** Whether the admin lets an agent use what has this name. */
export function mayUse({ tools }: AgentProfile, name: string): boolean {
  return tools === 'all' || tools.includes(name);
}

/**
 * The tools of one agent, out of all that the service has: those that it may use, and last those that direct the call. Where it may
 * transfer to is its own.
 */
export function agentTools(profile: AgentProfile, tools: ReadonlyMap<string, Tool>): ReadonlyMap<string, Tool> {
  const others = [...tools.values()].filter(({ name }) => name !== transferCallName);
  const destinationNames = [...profile.destinations.keys()];
  return createTools([
    ...others.filter(({ name, effect }) => effect !== 'call' && mayUse(profile, name)),
    ...(destinationNames.length === 0 ? [] : [createTransferCall(destinationNames, profile.destinations)]),
    ...others.filter(({ effect }) => effect === 'call'),
  ]);
}
