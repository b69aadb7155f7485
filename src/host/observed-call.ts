import type { AudioPath } from '../audio/audio-path.ts';
import type { CallCost } from './call-cost.ts';
import type { Parties } from './call-desk.ts';

/** A call that begins, for whoever is to observe it. */
export interface ObservedCall {
  readonly callSid: string;
  readonly parties: Parties;
  readonly agent: {
    readonly name: string;
    /** Names of its transfer destinations. */
    readonly destinations: readonly string[];
  };
  readonly audioPath: AudioPath;
  /** What the call costs so far. It sees each step before the observer does. */
  readonly cost: CallCost;
}
