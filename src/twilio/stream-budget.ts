import type { ErrorCode } from '../errors.ts';
import type { Clock } from '../system/clock.ts';
import { TokenBucket } from '../system/token-bucket.ts';
import type { TwilioMessage } from './stream-messages.ts';

/** 8 kHz mu-law (TW-STREAM-4). */
const audioBytesPerMs = 8;

/**
 * How far the caller's sound may be ahead of the time since the socket opened. Sound that a stall held up is late and never ahead, and
 * in the longest call clocks drift apart by less. What is missing by the timestamps counts as sound: silence may be put in its place.
 */
const aheadMsMax = 5_000;

/** Where more is missing, or timestamps go back by more, the clock of the stream was reset. */
const missingMsMax = 2_000;

/**
 * Twilio sends 50 frames a second (TW-STREAM-4), and some keys. After a stall of 15 s, 750 frames come at once. What we asked for
 * by sending a mark costs nothing.
 */
const messageRate = { burst: 1_000, perSecond: 500 };

/** What one media socket may bring, from its opening on. It costs a few additions for each frame. */
export class StreamBudget {
  readonly #clock: Clock;
  readonly #openedAtMs: number;
  readonly #messages: TokenBucket;
  #audioBytes = 0;
  #missingMs = 0;
  /** The timestamp that the next frame should have; NaN before the first. */
  #nextTimestampMs = Number.NaN;
  #marksAwaited = 0;

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#openedAtMs = clock.nowMs();
    this.#messages = new TokenBucket(clock, messageRate);
  }

  /** A mark goes out, which Twilio will send back (TW-MARK-1). */
  markSent(): void {
    this.#marksAwaited += 1;
  }

  /** Takes a message into account; null is a ping or a pong. Returns what is wrong with so much of it, or null. */
  excess(message: TwilioMessage | null): ErrorCode | null {
    if (message?.type === 'stream.marked' && this.#marksAwaited > 0) {
      // After a clear, the marks of minutes come back at once (TW-MARK-2).
      this.#marksAwaited -= 1;
      return null;
    }
    if (message?.type === 'stream.media') {
      this.#count(message.timestampMs, message.audio.length);
      const soundMs = this.#audioBytes / audioBytesPerMs + this.#missingMs;
      if (soundMs - (this.#clock.nowMs() - this.#openedAtMs) > aheadMsMax) return 'stream.audioAhead';
    }
    return this.#messages.take(1) ? null : 'stream.flooded';
  }

  #count(timestampMs: number, bytes: number): void {
    const lostMs = Number.isNaN(this.#nextTimestampMs) ? 0 : timestampMs - this.#nextTimestampMs;
    this.#nextTimestampMs = timestampMs + bytes / audioBytesPerMs;
    this.#audioBytes += bytes;
    // Timestamps waver by some milliseconds, and do not drift.
    if (lostMs >= -missingMsMax) this.#missingMs = Math.max(0, this.#missingMs + Math.min(lostMs, missingMsMax));
  }
}
