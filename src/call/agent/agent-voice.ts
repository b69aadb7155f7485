import type { AudioPath, Resampler } from '../../audio/audio-path.ts';
import { meanSquare } from '../../audio/level.ts';
import { mulawBytesPerMs, type MulawCodec } from '../../audio/mulaw.ts';
import type { Feeder } from './feeder.ts';
import type { ModelTurn } from './model-turn.ts';
import type { HeardPosition } from '../talk/spoken-words.ts';
import type { ReplyPosition } from './playout.ts';

/** Mean square of −55 dBFS: what is softer, nobody understands on a telephone. */
const audibleMeanSquare = 3.2e-6;

const nothing = new Uint8Array();

/** What a piece of audio is: `quiet` is too soft to hear, and `inaudible` says that a whole second of that has come. */
export type Arrival = 'begins' | 'goesOn' | 'late' | 'quiet' | 'inaudible';

/** A reply of which the caller has heard all there is. `isWhole`: the model had not broken off. `voiceMs`: without its pauses. */
export interface HeardReply {
  readonly isWhole: boolean;
  readonly sentMs: number;
  readonly voiceMs: number;
  /** Whether it was complete before, and is written down. Words that have come since are still to be said. */
  readonly isWritten: boolean;
}

/** Where the agent was cut: how far the reply at the caller's ear was heard, and how much voice lies behind it, in others that waited. */
export interface CutPosition extends HeardPosition {
  readonly behindVoiceMs: number;
}

/**
 * The agent's voice: 24 kHz PCM16 of the model in, 8 kHz mu-law for the caller's ear out. It joins the model's turn with what the caller
 * has heard.
 */
export class AgentVoice {
  readonly #codec: MulawCodec;
  readonly #downsampler: Resampler;
  readonly #feeder: Feeder;
  readonly #turn: ModelTurn;
  /** Audio that is to be heard and was not passed on yet. */
  #arrived: Uint8Array = nothing;
  /** Whether the reply had anything to hear and did not break off. */
  #replyIsWhole = false;

  constructor(audioPath: AudioPath, turn: ModelTurn, feeder: Feeder) {
    this.#turn = turn;
    this.#feeder = feeder;
    this.#codec = audioPath.codec;
    this.#downsampler = audioPath.agentDownsampler();
  }

  /** How much audio of the newest reply has come, in ms; Infinity when all of it has. */
  get saidMs(): number {
    const { isAwaited, newestMs } = this.#feeder.replies;
    return this.#turn.isGenerated && !isAwaited ? Infinity : newestMs;
  }

  /** Tells once, when the caller has heard all there is of a reply, what that was. */
  takeReplyOver(): HeardReply | null {
    if (!this.#turn.isGenerated || !this.#feeder.isSilent) return null;
    this.#turn.replyHeard();
    const { replies } = this.#feeder;
    const { sentMs } = replies.position;
    const over = {
      isWhole: this.#replyIsWhole,
      sentMs,
      voiceMs: replies.voiceMs(sentMs),
      isWritten: replies.isAwaited,
    };
    replies.begin();
    return over;
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
      this.#feeder.drop(audio);
      return turn.isInaudible ? 'inaudible' : 'quiet';
    }
    this.#arrived = audio;
    const begins = (place === 'first' || !wasAudible) && !this.#feeder.hasUnheardWords;
    if (begins) this.#feeder.replies.begin();
    this.#replyIsWhole = true;
    return begins ? 'begins' : 'goesOn';
  }

  /** Passes what has arrived on to the caller, in place of a comfort tone. */
  speak(): void {
    this.#feeder.stopComfort();
    this.#feeder.say(this.#arrived);
    this.#arrived = nothing;
  }

  /** Nobody can hear the current turn: the rest of it is left out. */
  dropTurn(): void {
    this.#turn.dropped();
    this.#downsampler.reset();
  }

  /** The model session is lost: what it had sent is all there is of its reply. */
  sessionLost(): void {
    const brokeOff = this.#turn.sessionLost();
    if (brokeOff) this.#replyIsWhole = false;
    if (brokeOff) this.#feeder.drop(this.#downsampler.flush());
  }

  /** The model has stopped by mistake. Returns whether its reply broke off: what came of it is heard to its end. */
  brokeOff(): boolean {
    if (!this.#turn.brokeOff()) return false;
    this.#replyIsWhole = false;
    this.#sayEnd();
    return true;
  }

  /** No more of the reply comes. Returns whether the next one is told from it. */
  endedReply(): boolean {
    return this.#turn.isGenerated && this.#feeder.replies.end();
  }

  generationCompleted(): void {
    if (this.#turn.generationCompleted()) this.#sayEnd();
  }

  turnCompleted(): void {
    if (this.#turn.turnCompleted()) this.#sayEnd();
  }

  /**
   * Passes on the last milliseconds of a reply. Behind a comfort tone they are left out: nobody would miss them, and a tone can be cleared
   * only while nothing follows it.
   */
  #sayEnd(): void {
    const end = this.#downsampler.flush();
    if (this.#turn.isAudible && !this.#feeder.hearsComfort) this.#feeder.say(end);
    else this.#feeder.drop(end);
  }

  /**
   * The model stopped because the caller speaks, or we stop it, for the caller or for ourselves: whatever the caller has not heard is dropped.
   * Returns whether audio had to be cleared, whether the reply waited for the caller to stop, and where it was cut.
   */
  cut(by: 'model' | 'ear' | 'us'): { cleared: boolean; hasWaited: boolean; position: CutPosition } {
    const isWhole = this.#turn.isGenerated;
    if (by === 'model') this.#turn.interrupted();
    else if (by === 'ear') this.#turn.cut();
    else this.#turn.stopped();
    this.#downsampler.reset();
    const { position, ...done } = this.#feeder.cut();
    return { ...done, position: this.#heard(position, isWhole || this.#feeder.replies.isBehind) };
  }

  /** The stream is gone, and with it what Twilio had not played. Returns where the reply was cut. */
  streamLost(): CutPosition {
    this.#downsampler.reset();
    const position = this.#feeder.streamLost();
    return this.#heard(position, this.#turn.isGenerated || this.#feeder.replies.isBehind);
  }

  #heard({ sentMs, heardMs }: ReplyPosition, isWhole: boolean): CutPosition {
    const { replies } = this.#feeder;
    const [sentVoiceMs, heardVoiceMs] = [replies.voiceMs(sentMs), replies.voiceMs(heardMs)];
    return { sentMs, heardMs, sentVoiceMs, heardVoiceMs, behindVoiceMs: replies.behindVoiceMs, isWhole };
  }
}
