import type { CallerScriptInput } from '../../caller/caller-script.ts';
import type { Fault } from '../../faults/fault.ts';
import type { ScriptInput } from '../../model/script/script.ts';
import type { WorldScenarioInput } from '../../scenario/world-scenario.ts';
import type { Draw } from '../draw.ts';

type Turn = ScriptInput['turns'][number];
type Step = NonNullable<Turn['steps']>[number];
type Parts = Pick<WorldScenarioInput, 'tools' | 'faults'> & {
  readonly model: ScriptInput;
  readonly caller: CallerScriptInput;
  readonly callMsMax: number;
};

/** So few wishes that the same one is meant, or repeated, again and again. */
const wishes: readonly [{ readonly what: string }, { readonly what: string }] = [{ what: 'one' }, { what: 'two' }];

const writes = ['make_note', 'order_taxi', 'book_table', 'book_table'] as const;

/**
 * Lets a part of the calls change something by their tools: the same wish over and over, in one message, over turns, over lost sessions and
 * processes that die, some of it cancelled, and some of it for which the caller must be asked. What the others do stays as it is.
 */
export function seededWrites(draw: Draw, parts: Parts): Parts {
  const { model, caller, tools = [], faults = [] } = parts;
  const [greeting, ...turns] = model.turns;
  if (!draw.chance(30) || greeting === undefined) return parts;
  return {
    // A question, its answer and the next question take their time.
    callMsMax: draw.int(10, 25) * 1_000,
    caller: { ...caller, steps: [...talk(draw), ...caller.steps] },
    model: {
      ...model,
      turns: [greeting, { steps: calls(draw) }, ...turns.map((turn) => writing(draw, turn)), { steps: calls(draw) }],
      timed: [
        ...(model.timed ?? []),
        ...draw.maybe(35, () => ({ atMs: draw.int(1_000, 9_000), step: { drop: true as const } })),
        ...draw.maybe(25, () => ({ atMs: draw.int(1_000, 9_000), step: { send: cancellation(draw) } })),
      ],
    },
    tools: [
      ...tools,
      ...Array.from({ length: 4 }, () => ({
        afterMs: draw.chance(70) ? draw.int(0, 1_500) : draw.int(1_500, 14_000),
        outcome: draw.oneOf(['asUsual', 'asUsual', 'asUsual', 'failed', 'refused', 'interrupted', 'never'] as const),
      })),
    ],
    faults: [...faults, ...draw.maybe(25, () => death(draw))],
  };
}

/** Whoever is asked something says yes to it, once the question has been heard. */
function talk(draw: Draw): CallerScriptInput['steps'][number][] {
  return Array.from({ length: draw.int(1, 3) }, (_, at) => [
    { waitFor: 'agentSpeaking' as const, withinMs: 4_000 },
    { waitFor: 'agentQuiet' as const, ms: draw.int(200, 700), withinMs: 5_000 },
    { say: at === 0 ? 'sentence' : 'yes' },
  ]).flat();
}

function writing(draw: Draw, turn: Turn): Turn {
  return draw.chance(75) ? { ...turn, steps: [...(turn.steps ?? []), ...calls(draw)] } : turn;
}

function calls(draw: Draw): Step[] {
  return Array.from({ length: draw.int(1, 2) }, (): Step => ({
    call: Array.from({ length: draw.oneOf([1, 1, 2, 3]) }, () => ({
      name: draw.chance(85) ? draw.oneOf(writes) : 'search_archive',
      args: draw.oneOf(wishes),
      answered: draw.chance(80) ? [{ say: draw.oneOf(['short', 'long'] as const) }] : [],
    })),
  }));
}

function cancellation(draw: Draw): Record<string, unknown> {
  const ids = Array.from({ length: 3 }, (_, at) => `function-call-${draw.int(1, 4) + at}`);
  return { toolCallCancellation: { ids } };
}

function death(draw: Draw): Fault {
  return { fault: 'serviceKilled', atMs: draw.int(1_500, 9_000), downMs: draw.int(0, 1_500), meanwhile: 'refused' };
}
