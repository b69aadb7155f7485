import type { Fallback } from '../call/call-settings.ts';
import type { Config } from '../config/config.ts';
import type { PlannedDestination } from '../config/destinations/destination-schema.ts';

/** What the admin decided of one agent. What is not here holds for the whole service. */
export interface AgentProfile extends Readonly<Config['agent']> {
  /** By which logs, pages and the history know it. */
  readonly name: string;
  /** The numbers of its own, in E.164; the default agent needs none. */
  readonly numbers: readonly string[];
  /** Id of the model that its calls begin with. */
  readonly model: string;
  /** Names of the tools that it may use beside those that direct the call; `all` of those that there are. */
  readonly tools: 'all' | readonly string[];
  /** Where callers may be connected, by the name that the model uses. */
  readonly destinations: ReadonlyMap<string, PlannedDestination>;
  readonly fallback: Fallback;
}

/**
 * The agent that the environment describes. It is known by its model, because that is what can be told of it, or as `simulated` when none
 * understands the caller.
 */
export function environmentAgent(
  { agent, gemini, transferDestinations, fallback }: Config,
  isSimulated = false,
): AgentProfile {
  return {
    ...agent,
    name: isSimulated ? 'simulated' : gemini.model,
    numbers: [],
    model: gemini.model,
    tools: 'all',
    destinations: transferDestinations,
    fallback,
  };
}
