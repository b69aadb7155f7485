import type { CallerScriptInput } from '../../caller/caller-script.ts';
import type { Draw } from '../draw.ts';

type Step = CallerScriptInput['steps'][number];

const backchannels = ['mmHm', 'hmm', 'uhHuh', 'yeah'] as const;
const stops = ['stop', 'wait'] as const;
const interruptions = ['interrupting', 'story'] as const;

/**
 * Lets some callers make themselves heard over the agent's words: by a word of agreement while the agent goes on, by one that wants it to
 * stop, by a sentence, or by a cough. What else they do stays as it is.
 */
export function seededOverlaps(draw: Draw, caller: CallerScriptInput): CallerScriptInput {
  if (!draw.chance(60)) return caller;
  return { ...caller, steps: caller.steps.flatMap((step) => [step, ...(startsListening(step) ? overlap(draw) : [])]) };
}

function startsListening(step: Step): boolean {
  return 'waitFor' in step && step.waitFor === 'agentSpeaking';
}

function overlap(draw: Draw): Step[] {
  if (!draw.chance(60)) return [];
  const before: Step = { pauseMs: draw.int(0, 1000) };
  // Whoever wants the agent to stop waits for it.
  const after: Step = { waitFor: 'agentQuiet', ms: draw.int(300, 900), withinMs: 3000 };
  switch (draw.int(1, 8)) {
    case 1:
      return [before, { say: 'cough' }];
    case 2:
    case 3:
      return [before, { say: draw.oneOf(stops) }, after];
    case 4:
    case 5:
      return [before, { say: draw.oneOf(interruptions) }, after];
    default:
      return [before, { say: draw.oneOf(backchannels) }];
  }
}
