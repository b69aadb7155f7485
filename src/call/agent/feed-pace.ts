import { mulawBytesPerMs } from '../../audio/mulaw.ts';
import type { Reaction } from '../reaction.ts';
import type { AgentQueue } from './agent-queue.ts';
import { FeedLead } from './feed-lead.ts';
import type { FirstWords } from './first-words.ts';
import type { ModelTurn } from './model-turn.ts';
import type { Playout } from './playout.ts';

/** A chunk has so many ms of sound: five writes for each second of speech. What ends a reply may be shorter. */
const chunkMs = 200;

/** While the lead grows, chunks may be as short as this, so that a line that stands still then finds as much of a reply there as can be. */
const chunkMsMin = 100;

/** When Twilio has less than this to play, in ms, whatever there is goes out: a model may be slower than its voice. */
const lowMs = 100;

/** Chunks are whole frames of the telephone, in ms. */
const frameMs = 20;
const frameBytes = frameMs * mulawBytesPerMs;

/**
 * How much later than due the timer fires, in ms. The frames of the caller come every 20 ms and find before it that something is due, so
 * that it fires only while there are none.
 */
const timerMs = 40;

/** When the agent's sound goes to Twilio, and how much of it at once: so that the caller's ear never waits, and the lead stays bounded. */
export class FeedPace {
  readonly #queue: AgentQueue;
  readonly #playout: Playout;
  readonly #firstWords: FirstWords;
  readonly #turn: ModelTurn;
  readonly #reaction: Reaction;
  readonly #lead = new FeedLead();
  #streamIsOpen = false;
  /** When sound was last sent. */
  #sentAtMs = -Infinity;
  /** When more must be sent, as far as was known after the last event; null for not at all. */
  #dueMs: number | null = null;

  constructor(queue: AgentQueue, playout: Playout, firstWords: FirstWords, turn: ModelTurn, reaction: Reaction) {
    this.#queue = queue;
    this.#playout = playout;
    this.#firstWords = firstWords;
    this.#turn = turn;
    this.#reaction = reaction;
  }

  get streamIsOpen(): boolean {
    return this.#streamIsOpen;
  }

  streamStarted(): void {
    this.#streamIsOpen = true;
  }

  streamLost(): void {
    this.#streamIsOpen = false;
  }

  /** How much of the queue goes out at this moment, in bytes of whole frames; 0 while nothing is due. */
  get dueBytes(): number {
    const { nowMs } = this.#reaction;
    const dueMs = this.#nextDueMs();
    if (dueMs === null || dueMs > nowMs) return 0;
    const roomMs = this.#lead.ms(nowMs) - Math.max(0, this.#playout.aheadMs(nowMs));
    return Math.floor(Math.max(chunkMs, roomMs) / frameMs) * frameBytes;
  }

  /** Sound is sent. */
  sent(): void {
    this.#sentAtMs = this.#reaction.nowMs;
  }

  /** Twilio was so much later than it should have been. */
  delayed(byMs: number): void {
    this.#lead.delayed(byMs, this.#reaction.nowMs);
  }

  /** An event is being handled: what was due before it comes late. */
  noteDelay(): void {
    if (this.#dueMs !== null) this.delayed(this.#reaction.nowMs - this.#dueMs);
  }

  /** Waits until more is due. */
  wait(): void {
    this.#dueMs = this.#nextDueMs();
    this.#reaction.waitUntil('feed', this.#dueMs === null ? null : this.#dueMs + timerMs);
  }

  #nextDueMs(): number | null {
    if (!this.#streamIsOpen || this.#queue.bytes === 0) return null;
    const { nowMs } = this.#reaction;
    const isChunk = this.#queue.bytes >= chunkMsMin * mulawBytesPerMs || !this.#turn.isGenerating;
    const enoughMs = isChunk ? this.#lead.ms(nowMs) - chunkMs : lowMs;
    const dueMs = nowMs + this.#playout.aheadMs(nowMs) - enoughMs;
    // Less than a frame, of a voice that comes in crumbs, waits for more as long as a frame takes.
    const isCrumb = !isChunk && this.#queue.bytes < frameBytes;
    return Math.max(dueMs, isCrumb ? this.#sentAtMs + frameMs : -Infinity, this.#firstWords.untilMs);
  }
}
