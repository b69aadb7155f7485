import type { MulawCodec } from '../../../audio/mulaw.ts';
import type { Call } from '../../../call/call.ts';
import type { CallEffect } from '../../../call/effects.ts';
import type { CallEvent } from '../../../call/events.ts';
import type { FaultPlan } from '../../faults/fault-plan.ts';
import { CallerAudioJudge } from './caller-audio-judge.ts';
import { HeardPositionJudge } from './heard-position-judge.ts';
import { MarkedTurnJudge } from './marked-turn-judge.ts';
import { YieldJudge } from './yield-judge.ts';

/** How a call stands at a step, seen from outside. `playedBytes`: what the phone network has played of this process's sound. */
interface StepState {
  readonly isModelHere: boolean;
  readonly hasGreeted: boolean;
  readonly hasEnded: boolean;
  readonly playedBytes: number;
}

/** Judges the sound of a call in both directions: what the model gets of the caller, and what the caller hears of the agent. */
export class SoundJudges {
  readonly #callerAudio: CallerAudioJudge;
  /** Null where the caller is no script, and may make sounds that are no speech. */
  readonly #yields: YieldJudge | null;
  readonly #heardPosition: HeardPositionJudge;
  readonly #markedTurns: MarkedTurnJudge;
  #broken: string[] = [];

  constructor(faults: FaultPlan, codec: MulawCodec, isScripted: boolean) {
    this.#callerAudio = new CallerAudioJudge(faults, codec);
    this.#yields = isScripted ? new YieldJudge(codec) : null;
    this.#heardPosition = new HeardPositionJudge(faults);
    this.#markedTurns = new MarkedTurnJudge(codec, (sentence) => this.#broken.push(sentence));
  }

  /** Another process begins its account of the caller's sound with this event. */
  begin(event: CallEvent, call: Call): void {
    this.#callerAudio.begin(event, call.tally.caller);
  }

  streamEnded(): void {
    this.#heardPosition.streamEnded();
  }

  /** Looks at one step of a call. Returns what does not hold, in words. */
  step(event: CallEvent, effects: readonly CallEffect[], call: Call, state: StepState): readonly string[] {
    const { caller, agent } = call.tally;
    const { isModelHere, hasGreeted, hasEnded, playedBytes } = state;
    const isHeard = isModelHere && !hasEnded && call.turnDetection === 'automatic';
    const isMarked = isModelHere && hasGreeted && !isHeard && agent.waiting === 0 && !call.isLeaving;
    this.#broken = [];
    this.#markedTurns.step(event, effects, isMarked);
    return [
      ...this.#broken,
      ...this.#callerAudio.step(event, effects, caller, { isHeard, hasEnded }),
      ...(this.#yields?.step(event, effects, agent, playedBytes) ?? []),
      ...this.#heardPosition.step(event, effects, agent, playedBytes),
    ];
  }
}
