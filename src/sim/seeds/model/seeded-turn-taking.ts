import type { ScriptInput } from '../../model/script/script.ts';
import type { Draw } from '../draw.ts';

/** What is no speech to the agent: some models know it for what it is. */
const noSpeech = {
  cough: 'noise',
  mmHm: 'backchannel',
  hmm: 'backchannel',
  uhHuh: 'backchannel',
  yeah: 'backchannel',
} as const;

/**
 * How the model takes turns: in some calls as a real one does, in the others it stops for whatever is loud. And what turns do to it that
 * the client marks, if it marks any.
 */
export function seededTurnTaking(draw: Draw): Partial<ScriptInput> {
  return {
    seed: draw.int(0, 1_000_000),
    turnTaking: draw.chance(40) ? draw.oneOf(['gemini', 'gemini', 'gptRealtime', 'ideal']) : null,
    sounds: draw.chance(50) ? noSpeech : {},
    activityStart: draw.chance(15) ? 'isIgnored' : null,
    activityBehindGeneration: draw.oneOf(['interrupts', 'interrupts', 'interrupts', 'tellsLate', 'swallows']),
    audioOutsideActivity: draw.oneOf(['dropped', 'refused']),
    answersByPhrase: draw.chance(20),
  };
}
