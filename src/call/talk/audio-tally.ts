import type { AgentVoice } from '../agent/agent-voice.ts';
import type { IntakeTally } from '../caller/intake.ts';

/** What became of the audio of a call, in mu-law bytes (8 per millisecond). */
export interface AudioTally {
  readonly caller: IntakeTally;
  readonly agent: AgentVoice['tally'];
}
