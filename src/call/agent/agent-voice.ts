import type { AudioPath, Resampler } from '../../audio/audio-path.ts';
import { meanSquare } from '../../audio/level.ts';
import { mulawBytesPerMs, type MulawCodec } from '../../audio/mulaw.ts';
import type { CallEffect } from '../effects.ts';
import { type ChunkKind, Playout, type ReplyPosition } from './playout.ts';
import { Turns } from './turns.ts';

/** Agent audio held until the stream starts: a greeting may be ready first, and no greeting is longer than half a minute. */
const heldBytesMax = 30_000 * mulawBytesPerMs;

/** Mean square of −55 dBFS: nobody understands on a telephone what is softer. */
const audibleMeanSquare = 3.2e-6;

/** Pauses at the start of a reply were seen up to half a second; twice as long is a voice that nobody hears. */
const inaudibleMsMax = 1_000;

/** What a piece of audio turned out to be: `hush` is too soft to hear, and `inaudible` says that a whole second was. */
export type Arrival = 'begins' | 'goesOn' | 'stale' | 'hush' | 'inaudible';

/** What a barge-in did: whether audio had to be cleared, and where the reply was cut. */
export interface Cut {
  readonly cleared: boolean;
  readonly position: ReplyPosition;
}

/**
 * The agent's voice on its way to the caller: 24 kHz PCM16 of the model in, 8 kHz mu-law and marks out. It joins whose turn it is
 * with what the caller has heard.
 */
export class AgentVoice {
  readonly #codec: MulawCodec;
  readonly #downsampler: Resampler;
  readonly #playout = new Playout();
  readonly #turns = new Turns();
  #streamIsOpen = false;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #droppedBytes = 0;
  #coverUntilMs = 0;
  #turnIsAudible = false;
  /** Whether the reply had anything to hear and did not break off. */
  #replyIsWhole = false;
  #inaudibleBytes = 0;

  constructor(audioPath: AudioPath) {
    this.#codec = audioPath.codec;
    this.#downsampler = audioPath.agentDownsampler();
  }

  /** mu-law bytes: sent = heard + cleared + waiting. `dropped` was never sent. */
  get account(): { sent: number; heard: number; cleared: number; waiting: number; dropped: number } {
    return { ...this.#playout.account, dropped: this.#droppedBytes };
  }

  get isGenerating(): boolean {
    return this.#turns.isGenerating;
  }

  /** Whether the caller has heard all that was sent. */
  get isSilent(): boolean {
    return this.#playout.isEmpty && this.#heldBytes === 0;
  }

  /** Whether words of the agent are on their way that the caller has not heard. */
  get hasUnheardWords(): boolean {
    return !this.#playout.isCoverOnly || this.#heldBytes > 0;
  }

  /** How much of the present reply was sent, and how much of it was heard. */
  get reply(): ReplyPosition {
    return this.#playout.reply;
  }

  /** How much of the present reply has a sound by now, sent or held until a stream is there, in ms; Infinity when all of it has. */
  get saidMs(): number {
    if (this.#turns.isGenerated) return Infinity;
    return this.#playout.reply.sentMs + this.#heldBytes / mulawBytesPerMs;
  }

  /** Whether the caller has heard all that there is of a reply: a whole one, or no more than a part or nothing. Each reply is over once. */
  takeReplyOver(): 'whole' | 'partial' | null {
    if (!this.#turns.isGenerated || !this.isSilent) return null;
    this.#turns.replyHeard();
    this.#playout.beginReply();
    return this.#replyIsWhole ? 'whole' : 'partial';
  }

  get unheardMs(): number {
    return this.#playout.unheardMs;
  }

  /** Until when the caller hears words of the agent, as far as we can know; in the past when there are none. */
  get wordsUntilMs(): number {
    return this.#playout.wordsUntilMs;
  }

  /** Whether the present turn of the model has brought anything that the caller can hear. */
  get turnIsAudible(): boolean {
    return this.#turnIsAudible;
  }

  get drainDeadlineMs(): number | null {
    return this.#playout.drainDeadlineMs;
  }

  isStale(nowMs: number): boolean {
    return this.#turns.isStale(nowMs);
  }

  /**
   * Takes audio of the model, which begins a reply, goes on with one, or belongs to an interrupted turn. What comes before the first
   * sound that can be heard is left out: it would only hold up the words, or a sound that says that the line is alive.
   */
  audioArrived(pcm24k: Uint8Array, nowMs: number): { kind: Arrival; effects: CallEffect[] } {
    const turn = this.#turns.audioArrived(nowMs);
    if (turn === 'stale') return { kind: 'stale', effects: [] };
    if (turn === 'first') this.#replyIsWhole = false;
    const wasAudible = this.#turnIsAudible;
    const audio = this.#downsampler.push(pcm24k);
    this.#turnIsAudible ||= meanSquare(audio, this.#codec) >= audibleMeanSquare;
    if (!this.#turnIsAudible) return { kind: this.#leaveOut(audio), effects: [] };
    const uncovering = this.uncover(nowMs);
    const begins = (turn === 'first' || !wasAudible) && this.isSilent;
    if (begins) this.#beginReply();
    this.#replyIsWhole = true;
    return { kind: begins ? 'begins' : 'goesOn', effects: [...uncovering, ...this.#send(audio, nowMs, 'reply')] };
  }

  /** What the agent has said so far is written down: what comes next is measured from here. */
  lineWritten(): void {
    this.#playout.beginReply();
  }

  #leaveOut(audio: Uint8Array): Arrival {
    this.#droppedBytes += audio.length;
    this.#inaudibleBytes += audio.length;
    return this.#inaudibleBytes > inaudibleMsMax * mulawBytesPerMs ? 'inaudible' : 'hush';
  }

  /** Nobody can hear the present turn: what still comes of it is left out. */
  dropTurn(nowMs: number): void {
    this.#turns.interrupted(nowMs);
    this.#downsampler.reset();
    this.beginTurn();
  }

  #beginReply(): void {
    this.#playout.beginReply();
    this.#replyIsWhole = false;
  }

  /** A new turn of the model begins. */
  beginTurn(): void {
    this.#turnIsAudible = false;
    this.#inaudibleBytes = 0;
  }

  /** Plays a sound (8 kHz mu-law) that stands in for the agent's words. It takes the place of one that is still playing. */
  cover(sound: Uint8Array, nowMs: number): CallEffect[] {
    if (!this.#streamIsOpen) return [];
    const uncovering = nowMs < this.#coverUntilMs ? this.uncover(nowMs) : [];
    this.#coverUntilMs = nowMs + sound.length / mulawBytesPerMs;
    return [...uncovering, ...this.#send(sound, nowMs, 'cover')];
  }

  /** Takes back a covering sound: words come in its place, or the caller speaks. */
  uncover(nowMs: number): CallEffect[] {
    if (!this.#isCovered) return [];
    this.#playout.clear(nowMs);
    return [{ type: 'stream.clear' }];
  }

  /** Whether the caller hears a covering sound, with no words behind it. */
  get #isCovered(): boolean {
    return !this.#playout.isEmpty && this.#playout.isCoverOnly;
  }

  /** The model session is lost: what it had sent is all there is of its reply. */
  abandonGeneration(nowMs: number): CallEffect[] {
    this.beginTurn();
    if (this.isGenerating) this.#replyIsWhole = false;
    // A last few milliseconds are no words when all others have been heard.
    if (!this.hasUnheardWords) this.#downsampler.reset();
    return this.generationCompleted(nowMs);
  }

  generationCompleted(nowMs: number): CallEffect[] {
    return this.#turns.generationCompleted() ? this.#sendEnd(nowMs) : [];
  }

  turnCompleted(nowMs: number): CallEffect[] {
    return this.#turns.turnCompleted(nowMs) ? this.#sendEnd(nowMs) : [];
  }

  /** The last milliseconds of what is heard. Behind a covering sound nobody would miss them, and that must stay alone to be taken back. */
  #sendEnd(nowMs: number): CallEffect[] {
    const end = this.#downsampler.flush();
    if (this.#turnIsAudible && !this.#isCovered) return this.#send(end, nowMs, 'reply');
    this.#droppedBytes += end.length;
    return [];
  }

  /** The model stopped because the caller speaks, or we stop it: whatever the caller has not heard is dropped. */
  cut(by: 'model' | 'us', nowMs: number): Cut {
    const cleared = !this.#playout.isEmpty;
    if (by === 'model') this.#turns.interrupted(nowMs);
    else this.#turns.stopped(nowMs);
    this.#dropUnheard(nowMs);
    return { cleared, position: this.#playout.reply };
  }

  marked(mark: string, nowMs: number): void {
    this.#playout.marked(mark, nowMs);
  }

  /** The last marks are overdue. Returns how many were lost. */
  assumeHeard(): number {
    return this.#playout.assumeHeard();
  }

  /** A stream is there: what was held goes out. */
  streamStarted(nowMs: number): CallEffect[] {
    this.#streamIsOpen = true;
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    return held.flatMap((audio) => this.#send(audio, nowMs, 'reply'));
  }

  /** The stream is gone, and with it what Twilio had not played. Returns where the reply was cut. */
  streamLost(nowMs: number): ReplyPosition {
    this.#streamIsOpen = false;
    this.#dropUnheard(nowMs);
    return this.#playout.reply;
  }

  #dropUnheard(nowMs: number): void {
    this.#playout.clear(nowMs);
    this.#downsampler.reset();
    this.#droppedBytes += this.#heldBytes;
    this.#held = [];
    this.#heldBytes = 0;
  }

  #send(audio: Uint8Array, nowMs: number, kind: ChunkKind): CallEffect[] {
    if (audio.length === 0) return [];
    if (!this.#streamIsOpen) return this.#hold(audio);
    const mark = this.#playout.send(audio.length, nowMs, kind);
    if (mark === null) {
      this.#droppedBytes += audio.length;
      return [];
    }
    return [
      { type: 'stream.media', audio },
      { type: 'stream.mark', name: mark },
    ];
  }

  #hold(audio: Uint8Array): [] {
    if (this.#heldBytes + audio.length > heldBytesMax) {
      this.#droppedBytes += audio.length;
    } else {
      this.#held.push(audio);
      this.#heldBytes += audio.length;
    }
    return [];
  }
}
