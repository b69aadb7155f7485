import { createTools, type Tool } from '../tools/tool.ts';
import { createTransferCall, transferCallName } from '../tools/transfer-call.ts';
import type { AgentProfile } from './agent-profile.ts';

/**
 * The tools of one agent, out of all that the service has: those that it may use, and last those that direct the call. Where it may
 * transfer to is its own.
 */
export function agentTools(
  { tools: allowed, destinations }: AgentProfile,
  tools: ReadonlyMap<string, Tool>,
): ReadonlyMap<string, Tool> {
  const others = [...tools.values()].filter(({ name }) => name !== transferCallName);
  const destinationNames = [...destinations.keys()];
  return createTools([
    ...others.filter(({ name, effect }) => effect !== 'call' && (allowed === 'all' || allowed.includes(name))),
    ...(destinationNames.length === 0 ? [] : [createTransferCall(destinationNames, destinations)]),
    ...others.filter(({ effect }) => effect === 'call'),
  ]);
}
