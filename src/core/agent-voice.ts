import { mulawBytesPerMs, type MulawCodec } from '../audio/mulaw.ts';
import { AgentDownsampler } from '../audio/resample-down.ts';
import type { CallEffect } from './effects.ts';
import { Playout, type ReplyPosition } from './playout.ts';
import { Turns } from './turns.ts';

/** Agent audio held until the stream starts: a greeting may be ready first, and no greeting is longer than half a minute. */
const heldBytesMax = 30_000 * mulawBytesPerMs;

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
  readonly #downsampler: AgentDownsampler;
  readonly #playout = new Playout();
  readonly #turns = new Turns();
  #streamIsOpen = false;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #droppedBytes = 0;

  constructor(codec: MulawCodec) {
    this.#downsampler = new AgentDownsampler(codec);
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

  /** Whether the model has generated a whole reply and the caller has heard it. Each reply is over once. */
  takeReplyOver(): boolean {
    if (!this.#turns.isGenerated || !this.isSilent) return false;
    this.#turns.replyHeard();
    this.#playout.beginReply();
    return true;
  }

  get unheardMs(): number {
    return this.#playout.unheardMs;
  }

  get drainDeadlineMs(): number | null {
    return this.#playout.drainDeadlineMs;
  }

  isStale(nowMs: number): boolean {
    return this.#turns.isStale(nowMs);
  }

  /** Takes audio of the model, which begins a reply, goes on with one, or belongs to an interrupted turn. */
  audioArrived(pcm24k: Uint8Array, nowMs: number): { kind: 'begins' | 'goesOn' | 'stale'; effects: CallEffect[] } {
    const kind = this.#turns.audioArrived(nowMs);
    if (kind === 'stale') return { kind, effects: [] };
    const begins = kind === 'first' && this.isSilent;
    if (begins) this.#playout.beginReply();
    return { kind: begins ? 'begins' : 'goesOn', effects: this.#send(this.#downsampler.push(pcm24k), nowMs) };
  }

  generationCompleted(nowMs: number): CallEffect[] {
    return this.#turns.generationCompleted() ? this.#send(this.#downsampler.flush(), nowMs) : [];
  }

  turnCompleted(nowMs: number): CallEffect[] {
    return this.#turns.turnCompleted(nowMs) ? this.#send(this.#downsampler.flush(), nowMs) : [];
  }

  /** The model stopped because the caller speaks, or we stop it: whatever the caller has not heard is dropped. */
  cut(nowMs: number): Cut {
    const cleared = !this.#playout.isEmpty;
    this.#turns.interrupted(nowMs);
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
    return held.flatMap((audio) => this.#send(audio, nowMs));
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

  #send(audio: Uint8Array, nowMs: number): CallEffect[] {
    if (audio.length === 0) return [];
    if (!this.#streamIsOpen) return this.#hold(audio);
    const mark = this.#playout.send(audio.length, nowMs);
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
