import type { CallEffect } from '../../../call/effects.ts';
import type { CallEvent } from '../../../call/events.ts';
import type { AudioTally } from '../../../call/talk/audio-tally.ts';
import type { FaultPlan } from '../../faults/fault-plan.ts';

const bytesPerMs = 8;

/** The product rounds, and the line runs in frames. */
const roundingMs = 25;

/** Judges what the call believes that the caller has heard, against what Twilio played. Each time that audio is cut off, they may part a little more. */
export class PlayedSoundJudge {
  readonly #faults: FaultPlan;
  /** How much that is for each cut: the way to the phone network and back. */
  readonly #slackMs: number;
  #cuts = 1;
  /** What Twilio had played before this process, and so not for its tally. */
  #playedBefore = 0;

  constructor(faults: FaultPlan) {
    this.#faults = faults;
    const [toUs, toThem] = [faults.link('media', 'In'), faults.link('media', 'Out')];
    const held = [...toUs.stalls, ...toThem.stalls, ...faults.all('marksLost')];
    const heldMs = held.reduce((sum, { forMs }) => sum + forMs, faults.lateMsMax);
    this.#slackMs = 2 * (toThem.latencyMs + toThem.jitterMs) + heldMs + roundingMs;
  }

  /** The process is gone or stands still. */
  processReplaced(): void {
    this.#cuts += 1;
  }

  /** Another process begins its tally. It may have kept what it counted before, or not. */
  begin({ heard }: AudioTally['agent'], playedBytes: number): void {
    this.#playedBefore = playedBytes - heard;
  }

  /** How much of what was played is for this process's tally. */
  playedHere(playedBytes: number): number {
    return playedBytes - this.#playedBefore;
  }

  /** Looks at one step of a call. Returns what does not hold, in words. */
  step(
    event: CallEvent,
    effects: readonly CallEffect[],
    { heard, waiting }: AudioTally['agent'],
    playedBytes: number,
  ): readonly string[] {
    for (const { type } of effects) if (type === 'stream.clear' || type === 'stream.close') this.#cuts += 1;
    if (event.type === 'stream.closed' || event.type === 'stream.started') this.#cuts += 1;
    // What is sent into a dead socket counts as heard once its marks are overdue: nobody could know better.
    // A process that stood still learns late that its stream was lost, and takes what was playing for heard until then.
    if (this.#faults.has('streamZombie', 'serviceFrozen')) return [];
    const slackMs = this.#slackMs * this.#cuts;
    const played = this.playedHere(playedBytes);
    const overMs = (heard - played) / bytesPerMs;
    if (overMs > slackMs) return [`the call counts ${Math.round(overMs)} ms as heard which Twilio never played`];
    const underMs = (played - heard - waiting) / bytesPerMs;
    // Audio whose mark does not come may as well be stuck on the line.
    if (underMs <= slackMs || this.#faults.has('marksLost')) return [];
    return [`Twilio played ${Math.round(underMs)} ms which the call had taken back`];
  }
}
