import type { Patience } from '../call-settings.ts';

/** Two tools in a row may need their whole time. A model that calls one after the other and says nothing is in a loop. */
const busyMsMax = 20_000;

/** Tone and line come in turn, and no faster than they can be heard. */
const coverPeriodMsMin = 4_000;

/** What was wrong so long ago is over, even if no reply was heard to its end since. */
const stepsMsMax = 60_000;

/** So many replies in a row that came only after a nudge. */
const nudgedRepliesMax = 3;

/** What the model owes the caller. */
export type Owed = 'greeting' | 'answer' | 'question' | 'rest' | 'toolResult' | 'anything';

/** The steps that are taken, in turn, when it does not come. */
export type Step = 'nudge' | 'resume' | 'fresh' | 'giveUp';
const steps: readonly Step[] = ['nudge', 'resume', 'fresh', 'giveUp'];

/** A sound that stands in for the agent: a soft tone, or a spoken line. */
export type CoverKind = 'tone' | 'line';

/**
 * Whether the model owes the caller words, since when, and what is to be done about it. Each fault climbs one ladder, whatever its
 * cause; only a reply that the caller has heard to its end leads back to the ground.
 */
export class ReplyWatch {
  readonly #patience: Patience;
  #owed: Owed | null = null;
  #sinceMs = 0;
  #steppedMs = 0;
  #climbedMs = 0;
  #stepsTaken = 0;
  #coversPlayed = 0;
  #hasGreeted = false;
  #wasNudged = false;
  #nudgedReplies = 0;

  constructor(patience: Patience) {
    this.#patience = patience;
  }

  /** Whether the caller has heard anything of the model yet. Until then, the greeting is what is owed. */
  get hasGreeted(): boolean {
    return this.#hasGreeted;
  }

  greeted(): void {
    this.#hasGreeted = true;
  }

  get owed(): Owed | null {
    return this.#owed;
  }

  get sinceMs(): number {
    return this.#sinceMs;
  }

  /** The model owes something from this moment on. What it owed before has been waited for already. */
  owe(owed: Owed, nowMs: number): void {
    if (this.#owed === null) this.#sinceMs = nowMs;
    this.#owed = this.#hasGreeted ? owed : 'greeting';
    this.#steppedMs = nowMs;
  }

  /** The caller hears words of the model. */
  wordsCame(): void {
    this.#hasGreeted = true;
    this.settle();
  }

  /** Nothing is owed: words have come, or the caller speaks. */
  settle(): void {
    this.#owed = null;
    this.#coversPlayed = 0;
  }

  /** The caller has heard a whole reply: whatever was wrong is over. */
  proved(): void {
    this.#nudgedReplies = this.#wasNudged ? this.#nudgedReplies + 1 : 0;
    this.#wasNudged = false;
    // A session that must be asked twice for everything is not well: the next time, asking is left out.
    this.#stepsTaken = this.#nudgedReplies < nudgedRepliesMax ? 0 : 1;
  }

  /** Something was done, and needs its time. */
  stepped(nowMs: number): void {
    this.#steppedMs = nowMs;
  }

  /** When the caller must hear a covering sound, if it has been quiet since `quietSinceMs`; null when nothing is owed. */
  coverDeadlineMs(quietSinceMs: number): number | null {
    if (this.#owed === null) return null;
    const { toneMs, lineMs } = this.#patience;
    // Tone and line in turn, each time after as long a wait as between the first two: a tone is no answer, and must not go on for ever.
    const period = Math.floor(this.#coversPlayed / 2) * Math.max(2 * (lineMs - toneMs), coverPeriodMsMin);
    return Math.max(this.#sinceMs, quietSinceMs) + period + (this.#coversPlayed % 2 === 0 ? toneMs : lineMs);
  }

  /** When the next step is due, if it has been quiet since `quietSinceMs`. `isBusy`: a tool runs, which has a deadline of its own. */
  stepDeadlineMs(quietSinceMs: number, isBusy: boolean): number | null {
    if (this.#owed === null) return null;
    const lastMs = Math.max(this.#sinceMs, this.#climbedMs, quietSinceMs) + busyMsMax;
    return isBusy ? lastMs : Math.min(lastMs, Math.max(this.#steppedMs, quietSinceMs) + this.#patience.stepMs);
  }

  /** The caller hears a new stream, in which nothing has been covered yet. */
  coverAnew(): void {
    this.#coversPlayed = 0;
  }

  takeCover(): CoverKind {
    this.#coversPlayed += 1;
    return this.#coversPlayed % 2 === 1 ? 'tone' : 'line';
  }

  /** Asking would not help. */
  skipNudge(): void {
    this.#stepsTaken = Math.max(this.#stepsTaken, 1);
  }

  takeStep(nowMs: number): Step {
    if (nowMs - this.#climbedMs > stepsMsMax) this.#stepsTaken = 0;
    this.#steppedMs = nowMs;
    this.#climbedMs = nowMs;
    const step = steps[this.#stepsTaken] ?? 'giveUp';
    this.#stepsTaken += 1;
    this.#wasNudged = step === 'nudge';
    if (!this.#wasNudged) this.#nudgedReplies = 0;
    return step;
  }
}
