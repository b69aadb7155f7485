import { mulawSilence } from '../../../audio/mulaw.ts';
import { MulawTimeline } from './mulaw-timeline.ts';
import { isVoiced } from '../verbs/voiced.ts';

/** Mu-law at 8 kHz. */
const bytesPerMs = 8;

/** Twilio keeps 10 minutes of audio and discards what exceeds them, with warning 31931 (TW-STREAM-6). */
const queuedBytesMax = 10 * 60 * 1000 * bytesPerMs;

interface PendingMark {
  readonly name: string;
  /** All audio before this position has been played when the mark is reached. */
  readonly atByte: number;
}

/**
 * What Twilio keeps of the audio that it was sent, and plays to the caller in order at 8 bytes per millisecond (TW-STREAM-6).
 *
 * Audio has its place on the timeline as soon as it arrives: at the end of what is queued, or at once when nothing is. A mark
 * stands at the end of what is queued and is reached when the timeline gets there, so at once when nothing is (TW-MARK-1).
 * A `clear` takes back what has not been played, and every waiting mark is due (TW-MARK-2).
 */
export class PlayoutBuffer {
  readonly #startedAtMs: number;
  readonly #timeline = new MulawTimeline();
  #marks: PendingMark[] = [];
  #endsAtByte = 0;
  #receivedBytes = 0;
  #discardedBytes = 0;
  /** Up to where the line has taken what was played; null before the first frame. */
  #takenToByte: number | null = null;

  /** The timeline begins at `startedAtMs`. */
  constructor(startedAtMs: number) {
    this.#startedAtMs = startedAtMs;
  }

  /** Audio that was sent and never heard, in bytes. */
  get discardedBytes(): number {
    return this.#discardedBytes;
  }

  /** Audio that the caller has heard by `atMs`, in bytes. */
  playedBytes(atMs: number): number {
    return this.#receivedBytes - this.#discardedBytes - Math.max(0, this.#endsAtByte - this.#byteAt(atMs));
  }

  /** Queues audio. Returns how many bytes of it were discarded because the buffer is full. */
  push(audio: Uint8Array, atMs: number): number {
    this.#receivedBytes += audio.length;
    const startsAtByte = Math.max(this.#endsAtByte, this.#byteAt(atMs));
    const roomBytes = Math.max(0, queuedBytesMax - (startsAtByte - this.#byteAt(atMs)));
    const kept = audio.subarray(0, roomBytes);
    this.#timeline.write(kept, startsAtByte);
    this.#endsAtByte = startsAtByte + kept.length;
    const overflowBytes = audio.length - kept.length;
    this.#discardedBytes += overflowBytes;
    return overflowBytes;
  }

  mark(name: string): void {
    this.#marks.push({ name, atByte: this.#endsAtByte });
  }

  /** Removes the marks that are reached by `atMs` and returns their names, in the order in which they were sent. */
  takeReached(atMs: number): string[] {
    const reached = this.#marks.filter(({ atByte }) => this.#msAt(atByte) <= atMs);
    this.#marks = this.#marks.slice(reached.length);
    return reached.map(({ name }) => name);
  }

  /** When the next mark is reached; null when none is waiting. */
  nextMarkAtMs(): number | null {
    const next = this.#marks[0];
    return next === undefined ? null : this.#msAt(next.atByte);
  }

  /** Takes back what has not been played by `atMs`. */
  clear(atMs: number): { discarded: Uint8Array; marks: string[] } {
    const playedByte = Math.min(this.#byteAt(atMs), this.#endsAtByte);
    const discarded = this.#timeline.erase(playedByte, this.#endsAtByte);
    const marks = this.#marks.map(({ name }) => name);
    this.#marks = [];
    this.#endsAtByte = playedByte;
    this.#discardedBytes += discarded.length;
    return { discarded, marks };
  }

  /** Whether the caller hears a voice at some moment of [fromMs, toMs): silence that is sent as audio is no voice. */
  isVoiced(fromMs: number, toMs: number): boolean {
    const fromByte = Math.max(0, this.#byteAt(fromMs));
    if (fromByte >= this.#endsAtByte) return false;
    const played = this.#timeline.slice(fromByte, Math.max(0, this.#byteAt(toMs)));
    return isVoiced(played);
  }

  /** What the caller heard in the frame of the line that ends at `atMs`. Asked for each frame in turn, it gives each byte once. */
  takePlayed(atMs: number, frameBytes: number): Uint8Array {
    const startsAtByte = this.#takenToByte ?? Math.floor((atMs - this.#startedAtMs) * bytesPerMs) - frameBytes;
    this.#takenToByte = startsAtByte + frameBytes;
    const audio = new Uint8Array(frameBytes).fill(mulawSilence);
    // A frame of the line may begin before the timeline.
    const skippedBytes = Math.min(frameBytes, Math.max(0, -startsAtByte));
    audio.set(this.#timeline.slice(startsAtByte + skippedBytes, startsAtByte + frameBytes), skippedBytes);
    return audio;
  }

  /** What the caller has heard up to `untilMs`, silence included: byte 0 is the start of the timeline. */
  heard(untilMs: number): Uint8Array {
    return this.#timeline.slice(0, this.#byteAt(untilMs));
  }

  #byteAt(ms: number): number {
    return Math.ceil((ms - this.#startedAtMs) * bytesPerMs);
  }

  #msAt(byte: number): number {
    return this.#startedAtMs + byte / bytesPerMs;
  }
}
