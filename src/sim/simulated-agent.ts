import type { ModelAccess } from '../gemini/edge/access.ts';
import type { Logger } from '../system/logger.ts';
import { declaredChoices } from './model/protocol/declared-choices.ts';
import type { Setup } from './model/protocol/setup-message.ts';
import type { Script } from './model/script/script.ts';
import { simulatedApiKey, startModelServer } from './model/hosts/server.ts';
import { loadAgentPart } from './scenario/scenario.ts';
import type { ToolRequest, Turn } from './model/script/turn.ts';
import { lookupRecordName } from '../tools/lookup-record.ts';
import { createLookupSearch } from '../tools/lookup-search.ts';
import type { LookupTable } from '../tools/lookup-table.ts';
import { transferCallName } from '../tools/transfer-call.ts';

/** What an agent has to work with. */
export interface AgentMeans {
  /** What `lookup_record` looks into; null for an agent without it. */
  readonly lookupTable: LookupTable | null;
  /** Names of the transfer destinations. */
  readonly destinations: readonly string[];
}

/** What the admin gave the agents to work with. */
export interface SimulatedAgents {
  readonly lookupTable: LookupTable | null;
  /** Those that there are at the start. */
  readonly agents: readonly {
    readonly name: string;
    readonly looksUp: boolean;
    readonly destinations: readonly string[];
  }[];
}

/** A tool call of a scenario that the admin's settings do not allow. */
export interface Misfit {
  /** Its place in the scenario, such as `model.turns[1].steps[0]`. */
  readonly place: string;
  /** What is missing, and which variable would supply it. */
  readonly hint: string;
}

/**
 * How often the last turn is given again before the script begins anew. With a turn every six seconds that is half an hour, the longest
 * call unless the admin allows more.
 */
const lastTurnRepeats = 300;

/**
 * Without a key the service is still complete: a simulated model on loopback follows a scenario with the admin's own means. Each session
 * works with what its setup offers, which is that of the agent of its call.
 */
export async function startSimulatedAgent({ lookupTable, agents }: SimulatedAgents, log: Logger): Promise<ModelAccess> {
  const scenarioName = 'no-key';
  const { model, agentClips } = loadAgentPart(scenarioName);
  const script = (setup: Setup): Script =>
    withLastTurnRepeated(fitScript(model, offeredMeans(setup, lookupTable)).script);
  const { url } = await startModelServer({ script, clips: agentClips });
  log.warn({ url }, 'simulatedModel');
  for (const { name: agent, looksUp, destinations } of agents) {
    const { misfits } = fitScript(model, { lookupTable: looksUp ? lookupTable : null, destinations });
    for (const misfit of misfits) log.debug({ scenario: scenarioName, agent, ...misfit }, 'scenarioTurnLeftOut');
  }
  return { apiKey: simulatedApiKey, baseUrl: url };
}

/** What the setup of a session offers to its model. */
function offeredMeans(setup: Setup, lookupTable: LookupTable | null): AgentMeans {
  return {
    lookupTable: declaredChoices(setup, lookupRecordName, 'query') === null ? null : lookupTable,
    destinations: declaredChoices(setup, transferCallName, 'destination') ?? [],
  };
}

/**
 * Fits a script to what the admin has: `$record` in the arguments of a tool call becomes the first value of the first record, and
 * `$destination` the first destination. A turn with a tool call that cannot succeed is left out.
 */
export function fitScript(script: Script, means: AgentMeans): { script: Script; misfits: readonly Misfit[] } {
  const turns = script.turns.map((turn) => filledIn(turn, means));
  const misfitsByTurn = turns.map((turn, index) => misfitsOf(turn, `model.turns[${index}]`, means));
  return {
    script: { ...script, turns: turns.filter((_turn, index) => misfitsByTurn[index]?.length === 0) },
    misfits: misfitsByTurn.flat(),
  };
}

/** Stays with the last turn: a script that begins anew would look up and transfer again and again, and what comes last is harmless. */
export function withLastTurnRepeated(script: Script): Script {
  const last = script.turns.slice(-1);
  return { ...script, turns: [...script.turns, ...Array.from({ length: lastTurnRepeats }, () => last).flat()] };
}

function filledIn(turn: Turn, { lookupTable, destinations }: AgentMeans): Turn {
  const values = new Map<unknown, unknown>([
    ['$record', lookupTable?.records[0]?.find((value) => value !== '')],
    ['$destination', destinations[0]],
  ]);
  const filled = ({ args, ...request }: ToolRequest): ToolRequest => ({
    ...request,
    args: Object.fromEntries(Object.entries(args).map(([name, value]) => [name, values.get(value) ?? value])),
  });
  return { ...turn, steps: turn.steps.map((step) => ('call' in step ? { call: step.call.map(filled) } : step)) };
}

function misfitsOf({ steps }: Turn, turnPlace: string, means: AgentMeans): Misfit[] {
  return steps.flatMap((step, index) =>
    ('call' in step ? step.call : []).flatMap((request) => {
      const hint = hintFor(request, means);
      return hint === null ? [] : [{ place: `${turnPlace}.steps[${index}]`, hint }];
    }),
  );
}

/** Null if the tool call fits. A record is not shown, because it may be a person's name. */
function hintFor({ name, args }: ToolRequest, { lookupTable, destinations }: AgentMeans): string | null {
  const { query, destination } = args;
  switch (name) {
    case lookupRecordName:
      if (lookupTable === null) return 'lookup_record wants LOOKUP_FILE, and an agent that may use it.';
      if (createLookupSearch(lookupTable)(String(query), null, 1).records.length > 0) return null;
      return 'lookup_record asks for a record that LOOKUP_FILE does not hold.';
    case transferCallName:
      if (destinations.length === 0)
        return 'transfer_call wants a destination, and the agent has none: TRANSFER_DESTINATIONS or TRANSFER_DESTINATIONS_FILE, or destinations in AGENTS_FILE.';
      if (destinations.includes(String(destination))) return null;
      return `transfer_call wants "${String(destination)}", which is no destination of the agent.`;
    case 'end_call':
      return null;
    default:
      return `Parley has no tool named ${name}.`;
  }
}
