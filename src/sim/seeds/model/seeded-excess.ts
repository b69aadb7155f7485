import type { ScriptInput } from '../../model/script/script.ts';
import type { Draw } from '../draw.ts';

type Script = Pick<ScriptInput, 'turns' | 'timed'>;
type Step = NonNullable<Script['timed']>[number]['step'];

/** Draws a model that sends more than any model does. Most do not. */
export function seededExcess(draw: Draw, { turns, timed = [] }: Script): Script {
  if (!draw.chance(4)) return { turns, timed };
  if (draw.chance(20)) return { turns: turns.map(verbose), timed };
  return { turns, timed: [...timed, { atMs: draw.int(0, 8_000), step: excess(draw) }] };
}

/** A tool call in each turn whose arguments no tool takes. */
function verbose(turn: Script['turns'][number]): Script['turns'][number] {
  const args = { query: 'x'.repeat(20_000) };
  const call = { name: 'lookup_record', args, answered: [{ say: 'short' }] };
  return { ...turn, steps: [...(turn.steps ?? []), { call }] };
}

/** Each is beyond what a session may send, and comes in every session. */
function excess(draw: Draw): Step {
  return draw.oneOf<Step>([
    { excess: 'messages', count: 6_000 },
    { excess: 'frameChars', count: 1_100_000 },
    { excess: 'parts', count: 300 },
    { excess: 'parts', count: 20_000 },
    { excess: 'toolCalls', count: 40 },
    { excess: 'levels', count: 100 },
    { excess: 'idChars', count: 1_000 },
    { excess: 'handleChars', count: 10_000 },
    { excess: 'transcriptChars', count: 20_000 },
  ]);
}
