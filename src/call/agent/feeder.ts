import { gainTable, withGain } from '../../audio/gain.ts';
import { mulawBytesPerMs, type MulawCodec } from '../../audio/mulaw.ts';
import type { Reaction } from '../reaction.ts';
import { AgentQueue } from './agent-queue.ts';
import { FeedPace } from './feed-pace.ts';
import { type CallerState, FirstWords } from './first-words.ts';
import type { ModelTurn } from './model-turn.ts';
import { type ChunkKind, Playout, type ReplyPosition } from './playout.ts';
import { ReplyAccount } from './reply-account.ts';

/** Sound that waits for the caller's ear, in ms. No reply lasts five minutes. */
const queuedMsMax = 300_000;

/** The same until the stream starts: a greeting may be ready first, and no greeting is longer than half a minute. */
const heldMsMax = 30_000;

/** A frame of the telephone, of 20 ms. */
const frameBytes = 20 * mulawBytesPerMs;

/** What Twilio will have played in so many ms is not taken back: it would arrive too late. */
const tooLateMs = 60;

/** What became of the agent's sound. */
interface AgentTally {
  readonly sent: number;
  readonly heard: number;
  readonly heardNow: number;
  readonly cleared: number;
  readonly waiting: number;
  readonly queued: number;
  readonly dropped: number;
}

/**
 * Feeds the caller's ear: the agent's sound waits in a queue of our own and goes to Twilio with a bounded lead. So what the caller has not
 * heard can still be stopped, made softer, or said again, and where the caller's ear is, is known at every moment.
 *
 * A comfort sound goes out whole, because words that come in its place clear it.
 */
export class Feeder {
  readonly replies: ReplyAccount;
  readonly #codec: MulawCodec;
  readonly #reaction: Reaction;
  readonly #queue = new AgentQueue();
  readonly #playout = new Playout();
  readonly #firstWords = new FirstWords();
  readonly #pace: FeedPace;
  #gainDb = 0;
  #gain: Uint8Array | null = null;
  #droppedBytes = 0;
  #saidBytes = 0;
  #begunBytes = 0;
  #comfortUntilMs = 0;

  constructor(codec: MulawCodec, turn: ModelTurn, reaction: Reaction) {
    this.#codec = codec;
    this.replies = new ReplyAccount(codec, this.#playout);
    this.#pace = new FeedPace(this.#queue, this.#playout, this.#firstWords, turn, reaction);
    this.#reaction = reaction;
  }

  // ── What is known ──────────────────────────────────────────────────────────────────────────────────────────────

  /**
   * mu-law bytes: sent = heard + cleared + waiting, where `heardNow` is what the caller must have heard by the clock. `queued` may still be
   * sent, and `dropped` never was.
   */
  get tally(): AgentTally {
    const heardNow = this.#playout.heardAtBytes(this.#reaction.nowMs);
    return { ...this.#playout.tally, heardNow, queued: this.#queue.bytes, dropped: this.#droppedBytes };
  }

  /** Whether the caller has heard all there is. */
  get isSilent(): boolean {
    return this.#playout.isEmpty && this.#queue.bytes === 0;
  }

  /** Whether there are words of the agent that the caller has not heard. */
  get hasUnheardWords(): boolean {
    return !this.#playout.isComfortOnly || this.#queue.bytes > 0;
  }

  /** Whether the caller hears a comfort sound, and no words. */
  get hearsComfort(): boolean {
    return !this.#playout.isEmpty && this.#playout.isComfortOnly;
  }

  /** The 20 ms that the caller hears from this moment on, as they were sent (8 kHz mu-law); shorter or empty where there are none. */
  get heardNow(): Uint8Array {
    return this.#playout.heardFrom(this.#reaction.nowMs, frameBytes);
  }

  /** How much the caller has still to hear, in ms. */
  get unheardMs(): number {
    return this.#playout.unheardMs + this.#queue.bytes / mulawBytesPerMs;
  }

  /** How many bytes of words have come so far in all, what was dropped included. */
  get saidBytes(): number {
    return this.#saidBytes;
  }

  /** How far into these what was sent last reaches. */
  get begunBytes(): number {
    return this.#begunBytes;
  }

  /** Until when the caller hears words of the agent, as far as we can know; in the past when there are none. */
  get wordsUntilMs(): number {
    if (this.#queue.bytes === 0) return this.#playout.wordsUntilMs;
    const { nowMs } = this.#reaction;
    return nowMs + Math.max(0, this.#playout.aheadMs(nowMs)) + this.#queue.bytes / mulawBytesPerMs;
  }

  // ── What the agent says ────────────────────────────────────────────────────────────────────────────────────────

  /** Takes words of the agent, 8 kHz mu-law. */
  say(audio: Uint8Array): void {
    const isFirst = this.replies.newestMs === 0 && !this.hasUnheardWords;
    const queuedMs = this.#pace.streamIsOpen ? queuedMsMax : heldMsMax;
    if (!this.#queue.push(audio, queuedMs * mulawBytesPerMs)) return this.drop(audio);
    this.replies.add(audio, this.#reaction.nowMs);
    this.#saidBytes += audio.length;
    if (isFirst) this.#firstWords.came(this.#reaction.nowMs);
    this.#feed();
  }

  /** What the caller does: a reply does not begin while the caller speaks. */
  callerIs(state: CallerState): void {
    if (this.#firstWords.callerIs(state)) this.#endWait(true);
  }

  /** Sound that nobody will hear. */
  drop(audio: Uint8Array): void {
    this.#droppedBytes += audio.length;
  }

  /** Plays a comfort tone or filler phrase. It replaces one that is still playing. */
  playComfort(sound: Uint8Array): void {
    if (!this.#pace.streamIsOpen) return;
    const { nowMs } = this.#reaction;
    if (nowMs < this.#comfortUntilMs) this.stopComfort();
    this.#comfortUntilMs = nowMs + sound.length / mulawBytesPerMs;
    this.#send(sound, 'comfort');
  }

  /** Takes back a comfort sound: words come in its place, or the caller speaks. */
  stopComfort(): void {
    if (this.hearsComfort) this.#clear();
  }

  // ── What the caller shall hear of it ───────────────────────────────────────────────────────────────────────────

  /** Makes what the caller hears from here on softer by so many dB, or as loud as it is again: 0. */
  soften(byDb: number): void {
    if (byDb === this.#gainDb) return;
    this.#gainDb = byDb;
    this.#gain = byDb === 0 ? null : gainTable(this.#codec, -byDb);
    this.#reaction.note('info', 'agentSoftened', { byDb });
    this.#takeBack();
    this.#feed();
  }

  /**
   * Drops what the caller has not heard, and is no longer soft. Returns whether Twilio had to be told, whether the reply waited for the caller
   * to stop, and where it was cut.
   */
  cut(): { readonly cleared: boolean; readonly hasWaited: boolean; readonly position: ReplyPosition } {
    const hasWaited = this.#firstWords.areWaiting;
    const cleared = !this.#playout.isEmpty;
    if (cleared) this.#clear();
    this.#dropQueue();
    return { cleared, hasWaited, position: this.replies.position };
  }

  // ── The stream ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** A stream is there: what was held goes out. */
  streamStarted(): void {
    this.#pace.streamStarted();
    this.#feed();
  }

  /** The stream is gone, and with it what the caller had not heard. Returns where the reply was cut. */
  streamLost(): ReplyPosition {
    this.#pace.streamLost();
    this.#playout.clear(this.#reaction.nowMs, 'line');
    this.replies.advance();
    this.#dropQueue();
    return this.replies.position;
  }

  /** Twilio has played what it was sent before this mark. */
  marked(mark: string): void {
    this.#pace.delayed(this.#playout.marked(mark, this.#reaction.nowMs));
    this.replies.advance();
  }

  /** The last marks are overdue. */
  marksLost(): void {
    this.#reaction.note('warn', 'marksLost', { marks: this.#playout.assumeHeard() });
    this.replies.advance();
  }

  /** After each event: sends what has become due, and says when more will be. */
  advance(): void {
    this.#pace.noteDelay();
    this.#feed();
    this.#pace.wait();
    this.#reaction.waitUntil('playoutDrain', this.#playout.drainDeadlineMs);
  }

  #feed(): void {
    for (let bytes = this.#pace.dueBytes; bytes > 0; bytes = this.#pace.dueBytes) {
      const audio = this.#queue.take(bytes);
      this.#begunBytes = this.#saidBytes - this.#queue.bytes;
      this.#endWait(true);
      if (this.#gain === null) this.#send(audio, 'reply');
      else this.#send(withGain(audio, this.#gain), 'reply', audio);
    }
  }

  #send(audio: Uint8Array, kind: ChunkKind, original: Uint8Array | null = null): void {
    this.#pace.sent();
    const name = this.#playout.send(audio, this.#reaction.nowMs, kind, original);
    this.#reaction.do({ type: 'stream.media', audio }, { type: 'stream.mark', name });
  }

  #endWait(isSaid: boolean): void {
    const ms = this.#firstWords.left(this.#reaction.nowMs);
    if (ms !== null) this.#reaction.note('info', 'replyWaited', { ms, isSaid });
  }

  /** What was sent and will not have been heard waits again. */
  #takeBack(): void {
    if (this.hearsComfort || this.#playout.aheadMs(this.#reaction.nowMs) < tooLateMs) return;
    const words = this.#clear();
    const unheardBytes = words.reduce((sum, { length }) => sum + length, 0);
    this.#reaction.note('info', 'agentTakenBack', { unheardMs: unheardBytes / mulawBytesPerMs });
    this.#queue.putBack(words);
  }

  #clear(): Uint8Array[] {
    const words = this.#playout.clear(this.#reaction.nowMs, 'us');
    this.replies.advance();
    this.#reaction.do({ type: 'stream.clear' });
    return words;
  }

  #dropQueue(): void {
    this.#endWait(false);
    this.#droppedBytes += this.#queue.clear();
    this.#gainDb = 0;
    this.#gain = null;
  }
}
