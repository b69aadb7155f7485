import type { CallerScriptInput } from '../../caller/caller-script.ts';
import type { Draw } from '../draw.ts';

type Step = CallerScriptInput['steps'][number];

/** Draws what a caller does: polite, impatient, mumbling, silent; and how the caller leaves. */
export function seededCaller(draw: Draw): CallerScriptInput {
  const steps: Step[] = [];
  // Most callers let the greeting pass; some say "hello?" or talk right over it.
  steps.push(...opening(draw));
  const turns = draw.int(0, 3);
  for (let turn = 0; turn < turns; turn += 1) steps.push(...callerTurn(draw));
  if (draw.chance(70)) steps.push({ pauseMs: draw.int(0, 3000) }, { hangUp: true });
  return { steps, ...(draw.chance(15) && { noiseDbfs: draw.int(-70, -48) }) };
}

function opening(draw: Draw): Step[] {
  switch (draw.int(1, 5)) {
    case 1:
      return [{ pauseMs: draw.int(0, 400) }, { say: 'yes' }];
    case 2:
      return [{ pauseMs: draw.int(200, 1500) }, { say: 'story' }];
    case 3:
      return [];
    default:
      return [
        { waitFor: 'agentSpeaking', withinMs: 5000 },
        { waitFor: 'agentQuiet', ms: draw.int(100, 600), withinMs: 6000 },
      ];
  }
}

function callerTurn(draw: Draw): Step[] {
  const words = draw.oneOf(['yes', 'sentence', 'sentence', 'interrupting', 'mmHm'] as const);
  const said: Step[] = [
    { say: words },
    ...draw.maybe(20, (): Step => ({ dtmf: String(draw.int(0, 99)) })),
    ...draw.maybe(15, (): Step => ({ muteMs: draw.int(40, 2500) })),
  ];
  if (draw.chance(50)) {
    return [...said, { waitFor: 'agentSpeaking', withinMs: 4000 }, { pauseMs: draw.int(0, 1800) }];
  }
  return [
    ...said,
    { waitFor: 'agentSpeaking', withinMs: 4000 },
    { waitFor: 'agentQuiet', ms: draw.int(100, 500), withinMs: 5000 },
  ];
}
