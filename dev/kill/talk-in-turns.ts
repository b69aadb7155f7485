import type { CallerScriptInput } from '../../src/sim/caller/caller-script.ts';

/** More turns than fit into a call. */
const turnsMax = 60;

/** A caller who says something with a tone of this pitch whenever the agent has spoken, and after five seconds of silence. */
export function talkInTurns(pitchHz: number): CallerScriptInput {
  const turn = [
    { waitFor: 'agentSpeaking', withinMs: 5_000 },
    { waitFor: 'agentQuiet', ms: 300, withinMs: 8_000 },
    { tone: { hz: pitchHz, ms: 500 } },
    { pauseMs: 300 },
  ] as const;
  return { steps: Array.from({ length: turnsMax }, () => turn).flat() };
}
