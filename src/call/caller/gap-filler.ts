import { mulawBytesPerMs } from '../../audio/mulaw.ts';

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

/** A hole in the recording that is longer than this says nothing more to the model: its turn is over after a second of silence. */
const fillMsMax = 2_000;

/**
 * Tells where silence must be put into the caller's audio, so that the model hears an unbroken stream (GM-VAD-2). Twilio sends nothing
 * while the caller is muted, and what is lost on the way is missing from its timestamps (TW-STREAM-4).
 */
export class GapFiller {
  /** When the last frame or filled silence ended, by our clock. */
  #soundUntilMs = 0;
  /** The timestamp at which the next frame is due; null before the first one of a stream. */
  #nextTimestampMs: number | null = null;
  /** Silence sent ahead of the timestamps since the last frame. */
  #filledMs = 0;

  /** A model listens, or a stream begins: what came before does not count. */
  restart(nowMs: number): void {
    this.#soundUntilMs = nowMs;
    this.#nextTimestampMs = null;
    this.#filledMs = 0;
  }

  /** A frame came. Returns how much silence belongs in front of it, in ms. */
  frameCame(timestampMs: number, audio: Uint8Array, nowMs: number): number {
    const frameMs = audio.length / mulawBytesPerMs;
    const lostMs = this.#nextTimestampMs === null ? 0 : timestampMs - this.#nextTimestampMs;
    const isGap = lostMs > jitterMsMax && lostMs <= jumpMsMax;
    const missingMs = isGap ? Math.max(0, lostMs - this.#filledMs) : 0;
    this.#nextTimestampMs = timestampMs + frameMs;
    this.#filledMs = 0;
    this.#soundUntilMs = nowMs;
    return Math.min(missingMs, fillMsMax);
  }

  /** When silence has to be sent unless a frame comes first. */
  get deadlineMs(): number {
    return this.#soundUntilMs + (this.#filledMs === 0 ? gapMs : stepMs);
  }

  /** Nothing came. Returns how much silence is due by now, in ms. */
  overdue(nowMs: number): number {
    if (nowMs < this.deadlineMs) return 0;
    // Whole milliseconds are whole samples; what is left over is sent with the next piece.
    const dueMs = Math.min(Math.floor(nowMs - this.#soundUntilMs), fillMsMax);
    this.#soundUntilMs = Math.max(this.#soundUntilMs + dueMs, nowMs - stepMs);
    this.#filledMs += dueMs;
    return dueMs;
  }
}
