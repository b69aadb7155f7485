/** Two tools in a row may need all their time. A model that calls more of them and says nothing is in a loop. */
const busyMsMax = 20_000;
const toolsInRow = 2;

/** After this long the steps begin anew, even if no reply was heard to its end since. */
const stepsMsMax = 60_000;

/** After so many replies in a row that needed a nudge, the nudge is left out. */
const nudgedRepliesMax = 3;

/** What is done, in turn, when the model does not say what is expected of it. */
export type Step = 'nudge' | 'resume' | 'fresh' | 'giveUp';
const steps: readonly Step[] = ['nudge', 'resume', 'fresh', 'giveUp'];

/** How long the caller has waited, all in ms. */
interface Waiting {
  /** Since when something is expected. */
  readonly sinceMs: number;
  /** Since when the model has had its time for it. */
  readonly renewedMs: number;
  readonly quietSinceMs: number;
  /** The longest time that a tool may take which was called meanwhile. */
  readonly toolMs: number;
}

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

  /** When the next step is due. `isBusy`: a tool runs, which has a deadline of its own. */
  deadlineMs({ sinceMs, renewedMs, quietSinceMs, toolMs }: Waiting, isBusy: boolean): number {
    const busyMs = Math.max(busyMsMax, toolsInRow * toolMs + this.#stepMs);
    const lastMs = Math.max(sinceMs, this.#takenMs, quietSinceMs) + busyMs;
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
