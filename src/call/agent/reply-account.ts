import { mulawBytesPerMs, type MulawCodec } from '../../audio/mulaw.ts';
import type { Playout, ReplyPosition } from './playout.ts';
import { ReplySound } from './reply-sound.ts';

/** So many complete replies wait for the caller's ear at most, the one at the ear included. What comes behind them counts as one. */
const completeMax = 16;

/** As it is after nearly every event. */
const none: readonly HeardEnd[] = [];

/** A reply of which no more comes. */
interface CompleteReply {
  readonly sentMs: number;
  readonly sound: ReplySound;
  /** When its first sound came from the model. */
  readonly sinceMs: number;
}

/** A complete reply whose end the caller has heard. */
export interface HeardEnd {
  /** Without its pauses. */
  readonly voiceMs: number;
  /** When the first sound of the one behind it came from the model; null while none has. */
  readonly nextSinceMs: number | null;
}

/** Which reply of the agent is at the caller's ear, how much of it there is, and how much was heard. Others may wait behind it. */
export class ReplyAccount {
  readonly #codec: MulawCodec;
  readonly #playout: Playout;
  /** Of the newest reply. */
  #bytes = 0;
  #sinceMs = 0;
  #sound: ReplySound;
  #isAwaited = false;
  /** Those before it whose end the caller has not heard: the first of them is at the caller's ear. */
  readonly #earlier: CompleteReply[] = [];
  /** Those whose end was heard, until they are taken out. */
  #heard: CompleteReply[] = [];

  constructor(codec: MulawCodec, playout: Playout) {
    this.#codec = codec;
    this.#playout = playout;
    this.#sound = new ReplySound(codec);
  }

  /** How much of the reply at the caller's ear there is, and how much of it was heard, by the marks that came back. */
  get position(): ReplyPosition {
    return { sentMs: this.#earlier[0]?.sentMs ?? this.newestMs, heardMs: this.#playout.replyHeardMs };
  }

  /**
   * The same for whoever reads of a cut. Once the caller has heard all of a reply, and nothing of the next has come, the cut is at its end and
   * not at the beginning of nothing.
   */
  get cutPosition(): ReplyPosition {
    const whole = this.#heard.at(-1);
    const { position } = this;
    return whole === undefined || position.sentMs > 0 ? position : { sentMs: whole.sentMs, heardMs: whole.sentMs };
  }

  /** How much of the newest reply there is, in ms. */
  get newestMs(): number {
    return this.#bytes / mulawBytesPerMs;
  }

  /** Whether the newest reply is one behind a complete one, and nothing of it has come. */
  get isAwaited(): boolean {
    return this.#isAwaited;
  }

  /** Whether the newest reply is behind the one at the caller's ear, which is complete. */
  get isBehind(): boolean {
    return this.#earlier.length > 0;
  }

  /** How much voice the replies behind the one at the caller's ear have, in ms. */
  get behindVoiceMs(): number {
    if (!this.isBehind) return 0;
    const newestMs = this.#sound.voiceMs(this.newestMs);
    return this.#earlier.slice(1).reduce((sum, reply) => sum + allVoiceMs(reply), newestMs);
  }

  /** How many of the first so many ms of the reply at the caller's ear have a voice: the rest are pauses. */
  voiceMs(ms: number): number {
    return (this.#earlier[0]?.sound ?? this.#sound).voiceMs(ms);
  }

  /** What is said from here on belongs to another reply, and what was said before is forgotten. */
  begin(): void {
    this.#bytes = 0;
    this.#sound.clear();
    this.#isAwaited = false;
    this.#earlier.length = 0;
    this.#playout.beginReply();
  }

  /** Adds words of the newest reply, 8 kHz mu-law, which have just come. */
  add(audio: Uint8Array, nowMs: number): void {
    if (this.#bytes === 0) this.#sinceMs = nowMs;
    this.#bytes += audio.length;
    this.#isAwaited = false;
    this.#sound.add(audio);
  }

  /** The newest reply is complete. Returns whether the next one is told from it, and does not count as more of it. */
  end(): boolean {
    if (this.#earlier.length >= completeMax || this.#bytes === 0) return false;
    this.#earlier.push({ sentMs: this.newestMs, sound: this.#sound, sinceMs: this.#sinceMs });
    this.#sound = new ReplySound(this.#codec);
    this.#bytes = 0;
    this.#isAwaited = true;
    this.advance();
    return true;
  }

  /** Whenever more was heard: whether that was the end of replies. */
  advance(): void {
    for (let reply = this.#earlier[0]; reply !== undefined; reply = this.#earlier[0]) {
      if (this.#playout.replyHeardMs < reply.sentMs) return;
      this.#playout.replyPassed(reply.sentMs);
      this.#earlier.shift();
      this.#heard.push(reply);
    }
  }

  /** Tells once of which complete replies the caller has heard the end. */
  takeHeard(): readonly HeardEnd[] {
    if (this.#heard.length === 0) return none;
    const heard = this.#heard;
    this.#heard = [];
    const newestSinceMs = this.newestMs === 0 ? null : this.#sinceMs;
    const next = [...heard, ...this.#earlier].slice(1);
    return heard.map((reply, at) => ({ voiceMs: allVoiceMs(reply), nextSinceMs: next[at]?.sinceMs ?? newestSinceMs }));
  }
}

function allVoiceMs({ sentMs, sound }: CompleteReply): number {
  return sound.voiceMs(sentMs);
}
