import { mulawBytesPerMs } from '../../audio/mulaw.ts';
import type { TimeSpan } from './recorded-timeline.ts';
import { SoundLane } from './sound-lane.ts';

/** A first mark that takes longer than this tells of a lost mark and not of the way to the caller. */
const delayMsMax = 1_000;

/** As many chunks as a call keeps unheard. */
const waitingChunksMax = 5_000;

interface WaitingChunk {
  readonly audio: Uint8Array;
  readonly isReply: boolean;
  /** The mark behind it. */
  mark: string | null;
  /** Where it begins in the sound that is played without a gap, in bytes. */
  readonly at: number;
}

/**
 * The agent's sound on the time axis, as the caller heard it. Twilio plays chunks one after the other without a gap, so what is sent while
 * it plays follows on. How long the way to the caller is, the first mark of such a stretch tells: it comes back when its chunk was
 * played (TW-MARK-1). A clear cuts what plays when it gets there, and what waits was never heard.
 */
export class HeardLane {
  readonly #heard: SoundLane;
  readonly #cleared: SoundLane;
  /** The stretch of sound that plays: when it was begun, and its length so far in bytes. */
  #stretchMs = 0;
  #stretchBytes = 0;
  /** How much later than sent it plays; null until a mark tells. And that of the last stretch whose marks told it. */
  #delayMs: number | null = null;
  #lastDelayMs = 0;
  #waiting: WaitingChunk[] = [];
  /** What the caller heard of the agent's own words since it was last asked for. */
  #spoken: { fromMs: number; toMs: number } | null = null;
  #heardBytes = 0;
  #clearedBytes = 0;

  constructor(msMax: number) {
    this.#heard = new SoundLane(msMax);
    this.#cleared = new SoundLane(msMax);
  }

  get heard(): Uint8Array {
    return this.#heard.sound;
  }

  get cleared(): Uint8Array {
    return this.#cleared.sound;
  }

  /** How much the caller heard, and how much not. */
  get tallyMs(): { readonly heard: number; readonly cleared: number } {
    return { heard: this.#heardBytes / mulawBytesPerMs, cleared: this.#clearedBytes / mulawBytesPerMs };
  }

  sent(audio: Uint8Array, isReply: boolean, atMs: number): void {
    if (atMs >= this.#endMs || this.#waiting.length >= waitingChunksMax) this.#beginStretch(atMs);
    this.#waiting.push({ audio, isReply, mark: null, at: this.#stretchBytes });
    this.#stretchBytes += audio.length;
  }

  markSent(name: string): void {
    const last = this.#waiting.at(-1);
    if (last !== undefined) last.mark = name;
  }

  marked(name: string, atMs: number): void {
    const index = this.#waiting.findIndex(({ mark }) => mark === name);
    const chunk = this.#waiting[index];
    if (chunk === undefined) return;
    if (this.#delayMs === null) {
      const delayMs = atMs - this.#timeOf(chunk.at + chunk.audio.length);
      this.#delayMs = Math.min(delayMsMax, Math.max(0, delayMs));
      this.#lastDelayMs = this.#delayMs;
    }
    this.#settle(index + 1);
  }

  /** Whatever was not played by then was never heard. `by` us: a clear, which takes its time to get there; by the line: the stream is over. */
  cut(atMs: number, by: 'us' | 'line'): void {
    this.#delayMs ??= this.#lastDelayMs;
    const cutMs = by === 'us' ? atMs + this.#delayMs : atMs;
    for (const { audio, isReply, at } of this.#waiting.splice(0)) {
      const fromMs = this.#timeOf(at);
      const heardBytes = Math.min(audio.length, Math.max(0, Math.floor((cutMs - fromMs) * mulawBytesPerMs)));
      this.#put(audio.subarray(0, heardBytes), isReply, fromMs);
      this.#cleared.put(fromMs + heardBytes / mulawBytesPerMs, audio.subarray(heardBytes));
      this.#clearedBytes += audio.length - heardBytes;
    }
    this.#stretchBytes = 0;
    this.#stretchMs = atMs;
    this.#delayMs = null;
  }

  /** The log is over: what was sent counts as heard. */
  end(): void {
    this.#settle(this.#waiting.length);
  }

  /** When the caller heard the agent's own words since this was last asked; null when not. */
  takeSpoken(): TimeSpan | null {
    const spoken = this.#spoken;
    this.#spoken = null;
    return spoken;
  }

  get #endMs(): number {
    return this.#timeOf(this.#stretchBytes);
  }

  #timeOf(bytes: number): number {
    return this.#stretchMs + (this.#delayMs ?? 0) + bytes / mulawBytesPerMs;
  }

  #beginStretch(atMs: number): void {
    this.#settle(this.#waiting.length);
    this.#stretchMs = atMs;
    this.#stretchBytes = 0;
    this.#delayMs = null;
  }

  /** So many chunks were played to their end: they go where they were heard. */
  #settle(chunks: number): void {
    for (const { audio, isReply, at } of this.#waiting.splice(0, chunks)) this.#put(audio, isReply, this.#timeOf(at));
  }

  #put(audio: Uint8Array, isReply: boolean, fromMs: number): void {
    if (audio.length === 0) return;
    this.#heard.put(fromMs, audio);
    this.#heardBytes += audio.length;
    if (!isReply) return;
    const toMs = fromMs + audio.length / mulawBytesPerMs;
    this.#spoken = { fromMs: this.#spoken?.fromMs ?? fromMs, toMs };
  }
}
