import type { Feeder } from '../agent/feeder.ts';
import type { IntakeTally } from '../caller/intake-tally.ts';

/** What became of the audio of a call, in mu-law bytes (8 per millisecond). */
export interface AudioTally {
  readonly caller: IntakeTally;
  readonly agent: Feeder['tally'];
}
