import { mulawBytesPerMs, type MulawCodec } from '../../audio/mulaw.ts';
import type { Playout, ReplyPosition } from './playout.ts';
import { ReplySound } from './reply-sound.ts';

/** A reply of which no more comes. */
interface CompleteReply {
  readonly sentMs: number;
  readonly sound: ReplySound;
}

/**
 * Which reply of the agent is at the caller's ear, how much of it there is, and how much was heard. A second one may wait behind it; what
 * comes behind that counts as part of it.
 */
export class ReplyAccount {
  readonly #codec: MulawCodec;
  readonly #playout: Playout;
  /** Of the newest reply. */
  #bytes = 0;
  #sound: ReplySound;
  /** The reply at the caller's ear, when it is not the newest. */
  #earlier: CompleteReply | null = null;
  /** The same once its end was heard, until that is taken out. */
  #heard: CompleteReply | null = null;

  constructor(codec: MulawCodec, playout: Playout) {
    this.#codec = codec;
    this.#playout = playout;
    this.#sound = new ReplySound(codec);
  }

  /** How much of the reply at the caller's ear there is, and how much of it was heard, by the marks that came back. */
  get position(): ReplyPosition {
    return { sentMs: this.#earlier?.sentMs ?? this.newestMs, heardMs: this.#playout.replyHeardMs };
  }

  /**
   * The same for whoever reads of a cut. Once the caller has heard all of a reply, and nothing of the next has come, the cut is at its end and
   * not at the beginning of nothing.
   */
  get cutPosition(): ReplyPosition {
    const whole = this.#heard;
    return whole === null || this.#bytes > 0 ? this.position : { sentMs: whole.sentMs, heardMs: whole.sentMs };
  }

  /** How much of the newest reply there is, in ms. */
  get newestMs(): number {
    return this.#bytes / mulawBytesPerMs;
  }

  /** Whether the newest reply is behind the one at the caller's ear. */
  get isBehind(): boolean {
    return this.#earlier !== null;
  }

  /** How many of the first so many ms of the reply at the caller's ear have a voice: the rest are pauses. */
  voiceMs(ms: number): number {
    return (this.#earlier?.sound ?? this.#sound).voiceMs(ms);
  }

  /** What is said from here on belongs to another reply, and what was said before is forgotten. */
  begin(): void {
    this.#bytes = 0;
    this.#sound.clear();
    this.#earlier = null;
    this.#playout.beginReply();
  }

  /** Adds words of the newest reply, 8 kHz mu-law. */
  add(audio: Uint8Array): void {
    this.#bytes += audio.length;
    this.#sound.add(audio);
  }

  /** The newest reply is complete. Returns whether the next one is told from it, and does not count as more of it. */
  end(): boolean {
    if (this.#earlier !== null || this.#bytes === 0) return false;
    this.#earlier = { sentMs: this.newestMs, sound: this.#sound };
    this.#sound = new ReplySound(this.#codec);
    this.#bytes = 0;
    this.advance();
    return true;
  }

  /** Whenever more was heard: whether that was the end of a reply. */
  advance(): void {
    const reply = this.#earlier;
    if (reply === null || this.#playout.replyHeardMs < reply.sentMs) return;
    this.#playout.replyPassed(reply.sentMs);
    this.#earlier = null;
    this.#heard = reply;
  }

  /** Tells once that the caller has heard the end of a reply behind which another one waits. Returns how much voice it had, in ms. */
  takeHeardMs(): number | null {
    const reply = this.#heard;
    this.#heard = null;
    return reply === null ? null : reply.sound.voiceMs(reply.sentMs);
  }
}
