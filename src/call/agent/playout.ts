import { mulawBytesPerMs } from '../../audio/mulaw.ts';
import { SoundBuffer } from '../sound-buffer.ts';
import { RoundTrip } from './round-trip.ts';

/** Chunks whose marks are missing. So many are a whole long reply, and Twilio has surely played the first of them. */
const unheardChunksMax = 3_000;

/** How long after its due time a mark is still waited for. Marks took up to 0.3 s on real calls; lost ones must not hold up a goodbye. */
const markGraceMs = 2_000;

/** How long the clock alone is believed when the first mark that is missing should have come, in ms: on a dead line nothing is heard. */
const clockMsMax = 600;

/** The agent's own words, or a comfort tone that fills their absence. */
export type ChunkKind = 'reply' | 'comfort';

interface Chunk {
  readonly mark: string;
  readonly bytes: number;
  /** As it was before it was made softer; null if it was not. */
  readonly original: Uint8Array | null;
  readonly kind: ChunkKind;
  readonly sentMs: number;
  /** When its mark would come back on a way that takes no time; null where that is not known. */
  readonly soonestMs: number | null;
  /** Whether nothing was being played when it was sent. */
  readonly isFirst: boolean;
}

/** Milliseconds that the model has sent of the current reply, and how many of them the caller heard. */
export interface ReplyPosition {
  readonly sentMs: number;
  readonly heardMs: number;
}

/** Where the caller's ear is: in this chunk, which may be the one behind the last, and so many bytes into it. */
interface EarPosition {
  readonly index: number;
  readonly bytes: number;
}

/**
 * What was sent to the caller and what the caller heard of it.
 *
 * Twilio plays in order and echoes a mark when the audio before it has been played (TW-MARK-1). After a `clear` it echoes the
 * pending marks too (TW-MARK-2), so an echo alone does not prove that the caller heard anything: every clear starts a new
 * generation, and marks of an older one are ignored.
 *
 * Marks say what was heard half a round trip ago. Between them the clock tells how far the caller's ear must be.
 */
export class Playout {
  readonly #roundTrip = new RoundTrip();
  #generation = 1;
  #chunkNumber = 0;
  readonly #unheard: Chunk[] = [];
  /** That of the unheard chunks, as it was sent. */
  readonly #sound = new SoundBuffer();
  #sentBytes = 0;
  #heardBytes = 0;
  #clearedBytes = 0;
  #replyHeardBytes = 0;
  /** When Twilio began, or will begin, to play the first unheard chunk, and when it will have played all, as far as we can know. */
  #frontFromMs = 0;
  #untilMs = 0;
  /** Until when the caller hears the agent's own words, as far as we can know. */
  #wordsUntilMs = 0;

  get isEmpty(): boolean {
    return this.#unheard.length === 0;
  }

  get unheardMs(): number {
    return this.#sound.bytes / mulawBytesPerMs;
  }

  get wordsUntilMs(): number {
    return this.#wordsUntilMs;
  }

  /** Whether nothing but a comfort tone is left to be heard. */
  get isComfortOnly(): boolean {
    return this.#unheard.every(({ kind }) => kind === 'comfort');
  }

  /** Bytes sent = heard + cleared + waiting. */
  get tally(): { sent: number; heard: number; cleared: number; waiting: number } {
    return {
      sent: this.#sentBytes,
      heard: this.#heardBytes,
      cleared: this.#clearedBytes,
      waiting: this.#sound.bytes,
    };
  }

  /** How much of the current reply the caller heard, by marks, in ms. */
  get replyHeardMs(): number {
    return this.#replyHeardBytes / mulawBytesPerMs;
  }

  /** When the last mark is overdue; null when nothing is waited for. */
  get drainDeadlineMs(): number | null {
    return this.isEmpty ? null : this.#untilMs + markGraceMs;
  }

  beginReply(): void {
    this.#replyHeardBytes = 0;
  }

  /** The first so many ms that were heard belong to an earlier reply. */
  replyPassed(ms: number): void {
    this.#replyHeardBytes -= ms * mulawBytesPerMs;
  }

  /** How much Twilio will still have to play when something that is sent at `nowMs` arrives, in ms; below zero when it has none. */
  aheadMs(nowMs: number): number {
    return this.isEmpty ? 0 : this.#untilMs - nowMs - this.#roundTrip.halfMs;
  }

  /** How much of all that was ever sent the caller has heard by `nowMs`, in bytes: what marks tell, and what the clock adds. */
  heardAtBytes(nowMs: number): number {
    const { index, bytes } = this.#earAt(nowMs);
    return this.#heardBytes + this.#bytesBefore(index) + bytes;
  }

  /**
   * The next so many bytes of mu-law that the caller hears from `nowMs` on, for whoever reads them at once; fewer where there are no more.
   */
  heardFrom(nowMs: number, bytes: number): Uint8Array {
    const ear = this.#earAt(nowMs);
    const isPlaying = nowMs >= this.#frontFromMs;
    return this.#sound.view(this.#bytesBefore(ear.index) + ear.bytes, isPlaying ? bytes : 0);
  }

  /** Notes a chunk as sent. `original`: what it was before it was made softer, if it was. Returns the name of the mark that must follow it. */
  send(audio: Uint8Array, nowMs: number, kind: ChunkKind, original: Uint8Array | null = null): string {
    const wasEmpty = this.isEmpty;
    const arrivesMs = nowMs + this.#roundTrip.halfMs;
    const lastSoonestMs = this.#unheard.at(-1)?.soonestMs ?? null;
    const startsMs = wasEmpty ? arrivesMs : Math.max(this.#untilMs, arrivesMs);
    if (wasEmpty) this.#frontFromMs = startsMs;
    const playsMs = audio.length / mulawBytesPerMs;
    // Where Twilio may have run dry, nobody knows since when this has been playing.
    const isContinuous = lastSoonestMs !== null && startsMs > arrivesMs;
    const soonestMs = wasEmpty ? nowMs + playsMs : isContinuous ? lastSoonestMs + playsMs : null;
    this.#chunkNumber += 1;
    const mark = `g${this.#generation}.${this.#chunkNumber}`;
    if (this.#unheard.length >= unheardChunksMax) this.#hearFirst();
    this.#unheard.push({ mark, bytes: audio.length, original, kind, sentMs: nowMs, soonestMs, isFirst: wasEmpty });
    this.#sound.push(audio);
    this.#sentBytes += audio.length;
    this.#untilMs = startsMs + playsMs;
    if (kind === 'reply') this.#wordsUntilMs = this.#untilMs;
    return mark;
  }

  /**
   * A mark came back. Unknown ones and those of an older generation change nothing. Returns how much later than expected it came, in ms; 0
   * for one that came in time.
   */
  marked(mark: string, nowMs: number): number {
    const index = this.#unheard.findIndex((chunk) => chunk.mark === mark);
    const chunk = this.#unheard[index];
    if (chunk === undefined) return 0;
    const { soonestMs, isFirst } = chunk;
    if (soonestMs !== null) this.#roundTrip.seen(nowMs - soonestMs, isFirst);
    const heardMs = nowMs - this.#roundTrip.halfMs;
    const expectedMs = this.#endMs(index);
    for (let at = 0; at <= index; at++) this.#hearFirst();
    this.#frontFromMs = Math.max(heardMs, this.#arrivalMs(this.#unheard[0]));
    this.#untilMs = this.isEmpty ? heardMs : this.#endMs(this.#unheard.length - 1);
    const last = this.#unheard.at(-1) ?? chunk;
    if (last.kind === 'reply') this.#wordsUntilMs = this.#untilMs;
    return Math.max(0, heardMs - expectedMs);
  }

  /** The last marks are overdue: take their audio as heard, because Twilio plays what it took. Returns how many marks were lost. */
  assumeHeard(): number {
    const lost = this.#unheard.length;
    while (!this.isEmpty) this.#hearFirst();
    return lost;
  }

  /**
   * Drops what the caller has not heard and begins a new generation. `by` us: Twilio will hear of it, and plays until then; by the line:
   * Twilio has stopped, and we hear of it later. Returns what was dropped of the agent's words.
   */
  clear(nowMs: number, by: 'us' | 'line'): Uint8Array[] {
    const { halfMs } = this.#roundTrip;
    const { index, bytes } = this.#earAt(by === 'us' ? nowMs + halfMs : nowMs - halfMs);
    for (let at = 0; at < index; at++) this.#hearFirst();
    const front = this.#unheard[0];
    const words = this.#words();
    if (front !== undefined) this.#hear(front.kind, bytes);
    if (front?.kind === 'reply') words[0] = words[0]?.subarray(bytes) ?? new Uint8Array();
    this.#clearedBytes += this.#sound.bytes;
    this.#sound.drop(this.#sound.bytes);
    this.#unheard.length = 0;
    this.#untilMs = Math.min(this.#untilMs, nowMs);
    this.#wordsUntilMs = Math.min(this.#wordsUntilMs, nowMs);
    this.#generation += 1;
    this.#chunkNumber = 0;
    return words;
  }

  /** Copies of the agent's words that were not heard, chunk by chunk, as they were before they were made softer. */
  #words(): Uint8Array[] {
    const words: Uint8Array[] = [];
    let at = 0;
    for (const { bytes, original, kind } of this.#unheard) {
      if (kind === 'reply') words.push(original ?? this.#sound.copy(at, bytes));
      at += bytes;
    }
    return words;
  }

  /** How many bytes the unheard chunks before this one have. */
  #bytesBefore(index: number): number {
    let bytes = 0;
    for (let at = 0; at < index; at++) bytes += this.#unheard[at]?.bytes ?? 0;
    return bytes;
  }

  #earAt(nowMs: number): EarPosition {
    let atMs = this.#frontFromMs;
    let trustedMs = Infinity;
    let index = 0;
    for (const chunk of this.#unheard) {
      const fromMs = Math.max(atMs, this.#arrivalMs(chunk));
      atMs = fromMs + chunk.bytes / mulawBytesPerMs;
      if (index === 0) trustedMs = atMs + this.#roundTrip.halfMs + clockMsMax;
      const playedMs = Math.max(0, Math.min(nowMs, trustedMs) - fromMs);
      const bytes = Math.floor(playedMs * mulawBytesPerMs);
      if (bytes < chunk.bytes) return { index, bytes };
      index += 1;
    }
    return { index, bytes: 0 };
  }

  /** When Twilio will have played this chunk, as far as we can know. */
  #endMs(index: number): number {
    let atMs = this.#frontFromMs;
    for (let at = 0; at <= index; at++) {
      const chunk = this.#unheard[at];
      if (chunk !== undefined) atMs = Math.max(atMs, this.#arrivalMs(chunk)) + chunk.bytes / mulawBytesPerMs;
    }
    return atMs;
  }

  #arrivalMs(chunk: Chunk | undefined): number {
    return chunk === undefined ? 0 : chunk.sentMs + this.#roundTrip.halfMs;
  }

  #hearFirst(): void {
    this.#frontFromMs = this.#endMs(0);
    const chunk = this.#unheard.shift();
    if (chunk !== undefined) this.#hear(chunk.kind, chunk.bytes);
  }

  #hear(kind: ChunkKind, bytes: number): void {
    this.#heardBytes += bytes;
    if (kind === 'reply') this.#replyHeardBytes += bytes;
    this.#sound.drop(bytes);
  }
}
