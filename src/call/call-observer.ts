import type { CallEffect } from './effects.ts';
import type { CallEvent } from './events.ts';
import type { AudioTally } from './talk/audio-tally.ts';

/** How a process was done with a call: the call was over, Parley failed at it, another process had it, or it was left to the next one. */
export interface CallEnding {
  readonly how: 'ended' | 'crashed' | 'fenced' | 'released';
  /** What became of its audio. */
  readonly tally: AudioTally;
}

/** Sees what happens on a call and what the call orders, as a call log does. */
export interface CallObserver {
  /** One step, when all of its effects are done. `tookMs` is the time from the event until then. */
  write(event: CallEvent, effects: readonly CallEffect[], tookMs: number): void;
  /** Nothing more comes. */
  close(ending: CallEnding): void;
}

/** Whether a step has brought words of the agent that nobody hears: those of a turn that was stopped. */
export function dropsWords(event: CallEvent, effects: readonly CallEffect[]): boolean {
  if (event.type !== 'model.agentTranscript') return false;
  return effects.some((effect) => effect.type === 'note' && effect.name === 'wordsDropped');
}
