import { mulawBytesPerMs } from '../../audio/mulaw.ts';
/**
 * Agent audio that Twilio holds and the caller has not heard. No reply lasts five minutes, and Twilio itself discards what is beyond ten
 * (TW-STREAM-6).
 */
const unheardMsMax = 300_000;

/** The same in chunks: a message of the model is a chunk, and holds 60 ms at least. */
const unheardChunksMax = 5_000;

/** How long after its due time a mark is still waited for. Marks took up to 0.3 s on real calls; lost ones must not hold up a goodbye. */
const markGraceMs = 2_000;

/** The agent's own words, or a comfort tone that fills their absence. */
export type ChunkKind = 'reply' | 'comfort';

interface Chunk {
  readonly mark: string;
  readonly bytes: number;
  readonly kind: ChunkKind;
}

/** Milliseconds of the current reply, and how many of them the caller heard. */
export interface ReplyPosition {
  readonly sentMs: number;
  readonly heardMs: number;
}

/**
 * What was sent to the caller and what the caller heard of it.
 *
 * Twilio plays in order and echoes a mark when the audio before it has been played (TW-MARK-1). After a `clear` it echoes the
 * pending marks too (TW-MARK-2), so an echo alone does not prove that the caller heard anything: every clear starts a new
 * generation, and marks of an older one are ignored.
 */
export class Playout {
  #generation = 1;
  #chunkNumber = 0;
  readonly #unheard: Chunk[] = [];
  #unheardBytes = 0;
  #sentBytes = 0;
  #heardBytes = 0;
  #clearedBytes = 0;
  /** When the first unheard chunk began to play, as far as we can know. */
  #frontSinceMs = 0;
  #replySentBytes = 0;
  #replyHeardBytes = 0;
  /** Until when the caller hears the agent's own words, as far as we can know. */
  #wordsUntilMs = 0;

  get isEmpty(): boolean {
    return this.#unheard.length === 0;
  }

  get unheardMs(): number {
    return this.#unheardBytes / mulawBytesPerMs;
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
      waiting: this.#unheardBytes,
    };
  }

  get reply(): ReplyPosition {
    return { sentMs: this.#replySentBytes / mulawBytesPerMs, heardMs: this.#replyHeardBytes / mulawBytesPerMs };
  }

  /** When the last mark is overdue; null when nothing is waited for. */
  get drainDeadlineMs(): number | null {
    return this.isEmpty ? null : this.#frontSinceMs + this.unheardMs + markGraceMs;
  }

  beginReply(): void {
    this.#replySentBytes = 0;
    this.#replyHeardBytes = 0;
  }

  /** Notes a chunk as sent. Returns the name of the mark that must follow it, or null when the chunk is over the bound and must not be sent. */
  send(bytes: number, nowMs: number, kind: ChunkKind): string | null {
    if (this.#unheardBytes + bytes > unheardMsMax * mulawBytesPerMs) return null;
    if (this.#unheard.length >= unheardChunksMax) return null;
    if (this.isEmpty) this.#frontSinceMs = nowMs;
    this.#chunkNumber += 1;
    const mark = `g${this.#generation}.${this.#chunkNumber}`;
    this.#unheard.push({ mark, bytes, kind });
    this.#unheardBytes += bytes;
    this.#sentBytes += bytes;
    if (kind === 'reply') {
      this.#replySentBytes += bytes;
      this.#wordsUntilMs = this.#frontSinceMs + this.unheardMs;
    }
    return mark;
  }

  /** A mark came back. Unknown ones and those of an older generation change nothing. */
  marked(mark: string, nowMs: number): void {
    const index = this.#unheard.findIndex((chunk) => chunk.mark === mark);
    if (index === -1) return;
    for (const chunk of this.#unheard.splice(0, index + 1)) this.#hear(chunk.kind, chunk.bytes);
    this.#frontSinceMs = nowMs;
  }

  /** The last marks are overdue: take their audio as heard, because Twilio plays what it took. Returns how many marks were lost. */
  assumeHeard(): number {
    const lost = this.#unheard.length;
    for (const chunk of this.#unheard.splice(0)) this.#hear(chunk.kind, chunk.bytes);
    return lost;
  }

  /** Drops what the caller has not heard and begins a new generation. The chunk that was playing counts as heard up to `nowMs`. */
  clear(nowMs: number): void {
    const front = this.#unheard[0];
    if (front !== undefined) {
      const playedBytes = Math.floor((nowMs - this.#frontSinceMs) * mulawBytesPerMs);
      this.#hear(front.kind, Math.min(front.bytes, Math.max(0, playedBytes)));
    }
    this.#clearedBytes += this.#unheardBytes;
    this.#unheardBytes = 0;
    this.#unheard.length = 0;
    this.#wordsUntilMs = Math.min(this.#wordsUntilMs, nowMs);
    this.#generation += 1;
    this.#chunkNumber = 0;
  }

  #hear(kind: ChunkKind, bytes: number): void {
    this.#heardBytes += bytes;
    if (kind === 'reply') this.#replyHeardBytes += bytes;
    this.#unheardBytes -= bytes;
  }
}
