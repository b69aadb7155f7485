import type { AudioPath, Resampler } from '../../audio/audio-path.ts';
import { meanSquare } from '../../audio/level.ts';
import { mulawBytesPerMs, type MulawCodec } from '../../audio/mulaw.ts';
import type { Reaction } from '../reaction.ts';
import type { ModelTurn } from './model-turn.ts';
import { type ChunkKind, Playout, type ReplyPosition } from './playout.ts';

/** Agent audio held until the stream starts: a greeting may be ready first, and no greeting is longer than half a minute. */
const heldBytesMax = 30_000 * mulawBytesPerMs;
/** The same in chunks of 60 ms. */
const heldChunksMax = 500;

/** Mean square of −55 dBFS: what is softer, nobody understands on a telephone. */
const audibleMeanSquare = 3.2e-6;

const nothing = new Uint8Array();

/** What a piece of audio is: `quiet` is too soft to hear, and `inaudible` says that a whole second of that has come. */
export type Arrival = 'begins' | 'goesOn' | 'late' | 'quiet' | 'inaudible';

/** What a barge-in did: whether audio had to be cleared, and where the reply was cut. */
export interface Cut {
  readonly cleared: boolean;
  readonly position: ReplyPosition;
}

/**
 * The agent's voice on its way to the caller: 24 kHz PCM16 of the model in, 8 kHz mu-law and marks out. It joins the model's turn with
 * what the caller has heard.
 */
export class AgentVoice {
  readonly #reaction: Reaction;
  readonly #codec: MulawCodec;
  readonly #downsampler: Resampler;
  readonly #playout = new Playout();
  readonly #turn: ModelTurn;
  #streamIsOpen = false;
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #droppedBytes = 0;
  /** Audio that is to be heard and was not sent yet. */
  #arrived: Uint8Array = nothing;
  #comfortUntilMs = 0;
  /** Whether the reply had anything to hear and did not break off. */
  #replyIsWhole = false;

  constructor(audioPath: AudioPath, turn: ModelTurn, reaction: Reaction) {
    this.#turn = turn;
    this.#reaction = reaction;
    this.#codec = audioPath.codec;
    this.#downsampler = audioPath.agentDownsampler();
  }

  /** mu-law bytes: sent = heard + cleared + waiting. `dropped` was never sent. */
  get tally(): { sent: number; heard: number; cleared: number; waiting: number; dropped: number } {
    return { ...this.#playout.tally, dropped: this.#droppedBytes };
  }

  /** Whether the caller has heard all that was sent. */
  get isSilent(): boolean {
    return this.#playout.isEmpty && this.#heldBytes === 0;
  }

  /** Whether words of the agent are on their way that the caller has not heard. */
  get hasUnheardWords(): boolean {
    return !this.#playout.isComfortOnly || this.#heldBytes > 0;
  }

  /** How much of the present reply was sent, and how much of it was heard. */
  get reply(): ReplyPosition {
    return this.#playout.reply;
  }

  /** How much audio of the current reply has come, sent or held until a stream is there, in ms; Infinity when all of it has. */
  get saidMs(): number {
    if (this.#turn.isGenerated) return Infinity;
    return this.#playout.reply.sentMs + this.#heldBytes / mulawBytesPerMs;
  }

  /** Tells once, when the caller has heard all there is of a reply, whether that was the whole reply or a part of it. */
  takeReplyOver(): 'whole' | 'partial' | null {
    if (!this.#turn.isGenerated || !this.isSilent) return null;
    this.#turn.replyHeard();
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

  get drainDeadlineMs(): number | null {
    return this.#playout.drainDeadlineMs;
  }

  /**
   * Takes audio of the model, which begins a reply, goes on with one, or belongs to an interrupted turn. Audio before the first audible
   * sound is left out: it would only delay the words, or a comfort tone. What is to be heard waits for `speak`.
   */
  audioArrived(pcm24k: Uint8Array): Arrival {
    const turn = this.#turn;
    const place = turn.audioArrived();
    if (place === 'late') return 'late';
    if (place === 'first') this.#replyIsWhole = false;
    const wasAudible = turn.isAudible;
    const audio = this.#downsampler.push(pcm24k);
    if (!wasAudible)
      turn.soundCame(meanSquare(audio, this.#codec) >= audibleMeanSquare, audio.length / mulawBytesPerMs);
    if (!turn.isAudible) {
      this.#droppedBytes += audio.length;
      return turn.isInaudible ? 'inaudible' : 'quiet';
    }
    this.#arrived = audio;
    const begins = (place === 'first' || !wasAudible) && !this.hasUnheardWords;
    if (begins) this.#playout.beginReply();
    this.#replyIsWhole = true;
    return begins ? 'begins' : 'goesOn';
  }

  /** Sends what has arrived on to the caller, in place of a comfort tone. */
  speak(): void {
    this.stopComfort();
    this.#send(this.#arrived, 'reply');
    this.#arrived = nothing;
  }

  /** What the agent has said so far is written down. The next line is measured from here. */
  lineWritten(): void {
    this.#playout.beginReply();
  }

  /** Nobody can hear the current turn: the rest of it is left out. */
  dropTurn(): void {
    this.#turn.dropped();
    this.#downsampler.reset();
  }

  /** Plays a comfort tone or filler phrase (8 kHz mu-law). It replaces one that is still playing. */
  playComfort(sound: Uint8Array): void {
    if (!this.#streamIsOpen) return;
    const { nowMs } = this.#reaction;
    if (nowMs < this.#comfortUntilMs) this.stopComfort();
    this.#comfortUntilMs = nowMs + sound.length / mulawBytesPerMs;
    this.#send(sound, 'comfort');
  }

  /** Takes back a comfort tone: words come in its place, or the caller speaks. */
  stopComfort(): void {
    if (!this.#hearsComfort) return;
    this.#playout.clear(this.#reaction.nowMs);
    this.#reaction.do({ type: 'stream.clear' });
  }

  /** Whether the caller hears a comfort tone, with no words behind it. */
  get #hearsComfort(): boolean {
    return !this.#playout.isEmpty && this.#playout.isComfortOnly;
  }

  /** The model session is lost: what it had sent is all there is of its reply. */
  sessionLost(): void {
    const brokeOff = this.#turn.sessionLost();
    if (brokeOff) this.#replyIsWhole = false;
    // A last few milliseconds are no words when all others have been heard.
    if (!this.hasUnheardWords) this.#downsampler.reset();
    if (brokeOff) this.#droppedBytes += this.#downsampler.flush().length;
  }

  generationCompleted(): void {
    if (this.#turn.generationCompleted()) this.#sendEnd();
  }

  turnCompleted(): void {
    if (this.#turn.turnCompleted()) this.#sendEnd();
  }

  /**
   * Sends the last milliseconds of a reply. Behind a comfort tone they are left out: nobody would miss them, and a tone can be cleared only
   * while nothing follows it.
   */
  #sendEnd(): void {
    const end = this.#downsampler.flush();
    if (this.#turn.isAudible && !this.#hearsComfort) this.#send(end, 'reply');
    else this.#droppedBytes += end.length;
  }

  /** The model stopped because the caller speaks, or we stop it: whatever the caller has not heard is dropped. */
  cut(by: 'model' | 'us'): Cut {
    const cleared = !this.#playout.isEmpty;
    if (by === 'model') this.#turn.interrupted();
    else this.#turn.stopped();
    this.#dropUnheard();
    if (cleared) this.#reaction.do({ type: 'stream.clear' });
    return { cleared, position: this.#playout.reply };
  }

  marked(mark: string): void {
    this.#playout.marked(mark, this.#reaction.nowMs);
  }

  /** The last marks are overdue. Returns how many were lost. */
  assumeHeard(): number {
    return this.#playout.assumeHeard();
  }

  /** A stream is there: what was held goes out. */
  streamStarted(): void {
    this.#streamIsOpen = true;
    const held = this.#held;
    this.#held = [];
    this.#heldBytes = 0;
    for (const audio of held) this.#send(audio, 'reply');
  }

  /** The stream is gone, and with it what Twilio had not played. Returns where the reply was cut. */
  streamLost(): ReplyPosition {
    this.#streamIsOpen = false;
    this.#dropUnheard();
    return this.#playout.reply;
  }

  #dropUnheard(): void {
    this.#playout.clear(this.#reaction.nowMs);
    this.#downsampler.reset();
    this.#droppedBytes += this.#heldBytes;
    this.#held = [];
    this.#heldBytes = 0;
  }

  #send(audio: Uint8Array, kind: ChunkKind): void {
    if (audio.length === 0) return;
    if (!this.#streamIsOpen) return this.#hold(audio);
    const mark = this.#playout.send(audio.length, this.#reaction.nowMs, kind);
    if (mark === null) this.#droppedBytes += audio.length;
    else this.#reaction.do({ type: 'stream.media', audio }, { type: 'stream.mark', name: mark });
  }

  #hold(audio: Uint8Array): void {
    if (this.#heldBytes + audio.length > heldBytesMax || this.#held.length >= heldChunksMax) {
      this.#droppedBytes += audio.length;
    } else {
      this.#held.push(audio);
      this.#heldBytes += audio.length;
    }
  }
}
