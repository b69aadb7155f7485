/** Two tools in a row may need all their time. A model that calls more of them and says nothing is in a loop. */
const busyMsMax = 20_000;

/** After this long the steps begin anew, even if no reply was heard to its end since. */
const stepsMsMax = 60_000;

/** After so many replies in a row that needed a nudge, the nudge is left out. */
const nudgedRepliesMax = 3;

/** What is done, in turn, when the model does not say what is expected of it. */
export type Step = 'nudge' | 'resume' | 'fresh' | 'giveUp';
const steps: readonly Step[] = ['nudge', 'resume', 'fresh', 'giveUp'];

/**
 * Which step comes next. Each fault takes the step after the last one, whatever its cause. Only a reply that was heard to its end starts
 * anew.
 */
export class EscalationSteps {
  readonly #stepMs: number;
  #taken = 0;
  #takenMs = 0;
  #wasNudged = false;
  #nudgedReplies = 0;

  /** `stepMs`: from one step to the next. */
  constructor(stepMs: number) {
    this.#stepMs = stepMs;
  }

  /**
   * When the next step is due, if something has been expected since `sinceMs`, the model has had its time for it since `renewedMs`, and it
   * has been quiet since `quietSinceMs`. `isBusy`: a tool runs, which has a deadline of its own.
   */
  deadlineMs(sinceMs: number, renewedMs: number, quietSinceMs: number, isBusy: boolean): number {
    const lastMs = Math.max(sinceMs, this.#takenMs, quietSinceMs) + busyMsMax;
    return isBusy ? lastMs : Math.min(lastMs, Math.max(renewedMs, this.#takenMs, quietSinceMs) + this.#stepMs);
  }

  take(nowMs: number): Step {
    if (nowMs - this.#takenMs > stepsMsMax) this.#taken = 0;
    this.#takenMs = nowMs;
    const step = steps[this.#taken] ?? 'giveUp';
    this.#taken += 1;
    this.#wasNudged = step === 'nudge';
    if (!this.#wasNudged) this.#nudgedReplies = 0;
    return step;
  }

  /** Asking would not help. */
  skipNudge(): void {
    this.#taken = Math.max(this.#taken, 1);
  }

  /** The caller has heard a whole reply: whatever was wrong is over. */
  replyHeard(): void {
    this.#nudgedReplies = this.#wasNudged ? this.#nudgedReplies + 1 : 0;
    this.#wasNudged = false;
    // A session that must be asked twice for everything is not well: the next time, asking is left out.
    this.#taken = this.#nudgedReplies < nudgedRepliesMax ? 0 : 1;
  }
}
