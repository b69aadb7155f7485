import type { CallerScriptInput } from '../../caller/caller-script.ts';
import type { Draw } from '../draw.ts';

type Step = CallerScriptInput['steps'][number];

const backchannels = ['mmHm', 'hmm', 'uhHuh', 'yeah'] as const;
const stops = ['stop', 'wait'] as const;

/**
 * Lets some callers make themselves heard over the agent's words: a word of agreement while the agent goes on, one that wants the agent to
 * stop, or a cough. What else they do stays as it is.
 */
export function seededOverlaps(draw: Draw, caller: CallerScriptInput): CallerScriptInput {
  if (!draw.chance(50)) return caller;
  return { ...caller, steps: caller.steps.flatMap((step) => [step, ...(startsListening(step) ? overlap(draw) : [])]) };
}

function startsListening(step: Step): boolean {
  return 'waitFor' in step && step.waitFor === 'agentSpeaking';
}

function overlap(draw: Draw): Step[] {
  if (!draw.chance(50)) return [];
  const before: Step = { pauseMs: draw.int(0, 1500) };
  switch (draw.int(1, 8)) {
    case 1:
      return [before, { say: 'cough' }];
    case 2:
    case 3:
      // Whoever wants the agent to stop waits for it.
      return [before, { say: draw.oneOf(stops) }, { waitFor: 'agentQuiet', ms: draw.int(300, 900), withinMs: 3000 }];
    default:
      return [before, { say: draw.oneOf(backchannels) }];
  }
}
