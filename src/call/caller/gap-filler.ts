/**
 * How long nothing may come before silence is sent in its place. Less would put silence into the middle of words whenever a busy line
 * delivers late; a caller who has muted the phone is answered this much later.
 */
const gapMs = 300;

/** How often silence is sent while nothing comes. */
const stepMs = 100;

/** Timestamps advance by 20 ms, give or take 2 ms, and do not drift (TW-STREAM-4). The smallest gap is a whole frame. */
const jitterMsMax = 10;

/** A jump beyond this is no gap, but a clock that was reset. */
const jumpMsMax = 60_000;

/**
 * A hole in the recording that is longer than this says nothing more to the model: its turn is over after a second of silence. Frames do
 * not overlap by so much either.
 */
const fillMsMax = 2_000;

/**
 * How much longer is waited where frames were late: for so long after they were, and while something is ahead. So a network that delivers half
 * a second late again and again has silence sent in the place of frames once. A caller who mutes the phone meanwhile is answered this much
 * later.
 */
const lenienceMs = 500;
const lateMemoryMs = 30_000;

/** So much quiet goes out whole: it ends the caller's turn in the usual setting (GM-VAD-1), and the soft end of a word lies in it. */
const quietMsMin = 600;

/** Nothing longer is left out at once: the model must go on hearing (GM-VAD-2). */
const leftOutMsMax = 160;

/**
 * Keeps the account of the caller's audio: what the model was sent against what the stream's timestamps say. It tells where silence must be
 * put into the audio, so that the model hears an unbroken stream (GM-VAD-2): Twilio sends nothing while the caller is muted, and what is
 * lost on the way is missing from its timestamps (TW-STREAM-4). And it tells which silence of the caller is left out, because silence was
 * sent ahead in the place of frames that were only late.
 */
export class GapFiller {
  /** Up to when the model has audio, by our clock. */
  #soundUntilMs = 0;
  /** The timestamp at which the next frame is due; -Infinity before the first one of a stream. */
  #nextTimestampMs = -Infinity;
  /** What the model was sent beyond the timestamps; below 0 where it was sent less. */
  #aheadMs = 0;
  /** Silence sent since the last frame. */
  #filledMs = 0;
  /** Until when the network counts as one that delivers late. */
  #lateUntilMs = 0;
  /** While something is ahead: how long the model has heard nothing but silence. */
  #quietMs = 0;
  /** Left out since the last frame that went out. */
  #leftOutMs = 0;

  /** A model listens, or a stream begins: what came before does not count. */
  restart(nowMs: number): void {
    this.#soundUntilMs = nowMs;
    this.#nextTimestampMs = -Infinity;
    this.#filledMs = 0;
  }

  /** A frame came. Returns how much silence belongs in front of it, in ms. */
  frameCame(timestampMs: number, frameMs: number, nowMs: number): number {
    const lostMs = timestampMs - this.#nextTimestampMs;
    this.#nextTimestampMs = timestampMs + frameMs;
    const missingMs = this.#account(lostMs);
    if (this.#filledMs - lostMs > stepMs) this.#lateUntilMs = nowMs + lateMemoryMs;
    this.#filledMs = 0;
    const isLate = nowMs < this.#lateUntilMs;
    this.#soundUntilMs = nowMs + Math.min(isLate ? lenienceMs : Math.max(0, this.#aheadMs), lenienceMs);
    return missingMs;
  }

  /** Whether as much silence was sent ahead as this frame is long, so that it may be left out if it is silent. */
  owes(frameMs: number): boolean {
    return this.#aheadMs >= frameMs;
  }

  /** Says of a frame, while as much is owed, whether it is left out. */
  leavesOut(frameMs: number, isSilent: boolean): boolean {
    this.#quietMs = isSilent ? this.#quietMs + frameMs : 0;
    this.#leftOutMs += frameMs;
    if (this.#quietMs <= quietMsMin || this.#leftOutMs > leftOutMsMax) {
      this.#leftOutMs = 0;
      return false;
    }
    this.#aheadMs -= frameMs;
    return true;
  }

  /** When silence has to be sent unless a frame comes first. */
  get deadlineMs(): number {
    return this.#soundUntilMs + (this.#filledMs === 0 ? gapMs : stepMs);
  }

  /** Nothing came up to this moment. Returns how much silence is due by then, in ms. */
  overdue(nowMs: number): number {
    if (nowMs < this.deadlineMs) return 0;
    // Whole milliseconds are whole samples; what is left over is sent with the next piece.
    const dueMs = Math.min(Math.floor(nowMs - this.#soundUntilMs), fillMsMax);
    this.#soundUntilMs = Math.max(this.#soundUntilMs + dueMs, nowMs - stepMs);
    this.#aheadMs += dueMs;
    this.#quietMs = dueMs + (this.#filledMs === 0 ? 0 : this.#quietMs);
    this.#filledMs += dueMs;
    return dueMs;
  }

  /** Takes account of how much is missing in the timestamps before a frame. Returns how much silence belongs there. */
  #account(lostMs: number): number {
    // The account begins with the first frame, and anew when the clock of the stream was reset.
    if (lostMs > jumpMsMax || lostMs < -fillMsMax) this.#aheadMs = 0;
    else this.#aheadMs -= lostMs;
    if (this.#aheadMs >= -jitterMsMax) return 0;
    const missingMs = Math.min(-this.#aheadMs, fillMsMax);
    this.#aheadMs = 0;
    return missingMs;
  }
}
