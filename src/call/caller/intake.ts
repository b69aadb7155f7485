import type { AudioPath, Resampler } from '../../audio/audio-path.ts';
import { mulawBytesPerMs, mulawSilence } from '../../audio/mulaw.ts';
import { type GateNews, SpeechGate } from '../../audio/speech-gate.ts';
import { CallerClock } from './caller-clock.ts';
import { heldSpeech, type HeldFrame } from './held-speech.ts';

/** One mu-law sample becomes two PCM16 samples of 16 kHz. */
const pcmBytesPerMulawByte = 4;

/**
 * Caller audio held while no model listens. The slowest setup (5 s) and a long greeting fit into it; what a caller said longer
 * ago is better asked again.
 */
const heldBytesMax = 20_000 * mulawBytesPerMs;

/** Of a sentence that a lost model session took with it, so much is said again to the next one. */
const utteranceBytesMax = 12_000 * mulawBytesPerMs;

/** Speech of this length is no "hello?" any more: the caller wants the word. */
const bargeInMs = 700;

/** What became of the caller audio, in mu-law bytes: received = forwarded + replaced + dropped + waiting. */
export interface IntakeAccount {
  readonly received: number;
  readonly forwarded: number;
  /** Held silence, in whose place silence was sent or nothing had to be. */
  readonly replaced: number;
  readonly dropped: number;
  readonly waiting: number;
  /** Silence of our own, where the phone network sent nothing. */
  readonly filled: number;
  /** Forwarded once more, to a session that had not heard it. */
  readonly resent: number;
}

/** What the model must get now (16 kHz PCM16 little-endian), and whether the caller began to speak or stopped. */
export interface Taken {
  readonly pieces: readonly Uint8Array[];
  readonly news: GateNews;
}

/**
 * Caller audio on its way to the model: 8 kHz mu-law in, 16 kHz PCM16 out, without gaps.
 *
 * It is held while no model session is there, so that no words are lost, and while the greeting plays, because a "hello?" would make
 * the model start its greeting again. Silence goes out in place of what is held then, and where the phone network sends nothing, since
 * the model must hear an unbroken stream (GM-VAD-2). A caller who really speaks over the greeting is let through at once.
 */
export class Intake {
  readonly #gate: SpeechGate;
  readonly #clock = new CallerClock();
  readonly #upsampler: Resampler;
  #mode: 'waiting' | 'greeting' | 'live' | 'closed' = 'waiting';
  #held: HeldFrame[] = [];
  /** What the model has heard since its last answer, in case that its session is lost. */
  #utterance: HeldFrame[] = [];
  #utteranceBytes = 0;
  #greetingHasBegun = false;
  #lastFrameMs = 0;
  #received = 0;
  #forwarded = 0;
  #replaced = 0;
  #dropped = 0;
  #waiting = 0;
  #filled = 0;
  #resent = 0;

  constructor(audioPath: AudioPath) {
    this.#gate = new SpeechGate(audioPath.codec);
    this.#upsampler = audioPath.callerUpsampler();
  }

  get account(): IntakeAccount {
    return {
      received: this.#received,
      forwarded: this.#forwarded,
      replaced: this.#replaced,
      dropped: this.#dropped,
      waiting: this.#waiting,
      filled: this.#filled,
      resent: this.#resent,
    };
  }

  /** Whether the caller speaks, as far as loudness tells. */
  get callerSpeaks(): boolean {
    return this.#gate.isOpen;
  }

  get callerSpokeMs(): number {
    return this.#gate.openMs;
  }

  /** Whether caller audio waits for the end of the greeting. */
  get isHolding(): boolean {
    return this.#mode === 'greeting';
  }

  /** When silence has to be sent unless a frame comes first; null while no model listens. */
  get silenceDeadlineMs(): number | null {
    return this.#isHeard ? this.#clock.deadlineMs : null;
  }

  get #isHeard(): boolean {
    return this.#mode === 'greeting' || this.#mode === 'live';
  }

  /** The model takes audio and will greet first. */
  greetingAwaited(nowMs: number): void {
    if (this.#mode !== 'waiting') return;
    this.#mode = 'greeting';
    this.#clock.restart(nowMs);
  }

  /** A new stream counts its time from its own start. */
  streamStarted(nowMs: number): void {
    this.#clock.restart(nowMs);
    this.#lastFrameMs = nowMs;
  }

  /** How long no frame has come, in ms. */
  absentMs(nowMs: number): number {
    return nowMs - this.#lastFrameMs;
  }

  /** Audio of the greeting is there: only from here on can a caller speak over it. */
  greetingBegan(): void {
    if (!this.#greetingHasBegun) this.#gate.restart();
    this.#greetingHasBegun = true;
  }

  /** Takes caller audio (8 kHz mu-law, any length). `timestampMs` is its place in the stream. */
  receive(audio: Uint8Array, timestampMs: number, nowMs: number): Taken {
    this.#received += audio.length;
    this.#lastFrameMs = nowMs;
    const filling = this.#fill(this.#clock.frameCame(timestampMs, audio, nowMs));
    const isSpeech = this.#gate.isSpeech(audio);
    const news = this.#gate.push(audio, isSpeech);
    return { pieces: [...filling, ...this.#take({ audio, isSpeech, wasForwarded: false })], news };
  }

  /** Nothing came for a while: silence is due in its place. */
  receiveNothing(nowMs: number): Taken {
    if (!this.#isHeard) return { pieces: [], news: null };
    const silentMs = this.#clock.overdue(nowMs);
    return { pieces: this.#fill(silentMs), news: this.#gate.quiet(silentMs) };
  }

  /** The caller has the word: what was said meanwhile goes out, in order, and everything is let through from here on. */
  release(): { pieces: Uint8Array[]; hadSpeech: boolean } {
    return this.#mode === 'greeting' ? this.#letThrough([]) : { pieces: [], hadSpeech: false };
  }

  /** The model session is gone: what the caller says is kept for the next one. */
  hold(): void {
    if (this.#isHeard) this.#mode = 'waiting';
  }

  /**
   * The next session listens. `again`: it has not heard the caller's last sentence, so that is said again.
   */
  resume(again: boolean, nowMs: number): { pieces: Uint8Array[]; hadSpeech: boolean } {
    if (this.#mode !== 'waiting') return { pieces: [], hadSpeech: false };
    this.#clock.restart(nowMs);
    return this.#letThrough(again ? this.#utterance.map((frame) => ({ ...frame, wasForwarded: true })) : []);
  }

  /** The model answers: what the caller said before is settled. */
  answered(): void {
    this.#utterance = [];
    this.#utteranceBytes = 0;
  }

  /** No model takes audio any more. */
  close(): void {
    this.#mode = 'closed';
    this.#dropped += this.#waiting;
    this.#held = [];
    this.#waiting = 0;
    this.answered();
  }

  #take(frame: HeldFrame): Uint8Array[] {
    switch (this.#mode) {
      case 'closed':
        this.#dropped += frame.audio.length;
        return [];
      case 'live':
        return [this.#forward(frame)];
      case 'waiting':
        this.#hold(frame);
        return [];
      case 'greeting':
        this.#hold(frame);
        if (this.#greetingHasBegun && this.#gate.speechMs >= bargeInMs) return this.release().pieces;
        return [new Uint8Array(frame.audio.length * pcmBytesPerMulawByte)];
    }
  }

  #fill(silentMs: number): Uint8Array[] {
    if (silentMs === 0 || !this.#isHeard) return [];
    const silence = new Uint8Array(silentMs * mulawBytesPerMs).fill(mulawSilence);
    this.#filled += silence.length;
    return [this.#upsampler.push(silence)];
  }

  #forward(frame: HeldFrame): Uint8Array {
    if (frame.wasForwarded) this.#resent += frame.audio.length;
    else this.#forwarded += frame.audio.length;
    this.#utterance.push(frame);
    this.#utteranceBytes += frame.audio.length;
    while (this.#utteranceBytes > utteranceBytesMax) this.#utteranceBytes -= this.#utterance.shift()?.audio.length ?? 0;
    return this.#upsampler.push(frame.audio);
  }

  #hold(frame: HeldFrame): void {
    this.#held.push(frame);
    this.#waiting += frame.audio.length;
    while (this.#waiting > heldBytesMax) {
      const oldestBytes = this.#held.shift()?.audio.length ?? 0;
      this.#waiting -= oldestBytes;
      this.#dropped += oldestBytes;
    }
  }

  #letThrough(again: readonly HeldFrame[]): { pieces: Uint8Array[]; hadSpeech: boolean } {
    this.#mode = 'live';
    const kept = heldSpeech([...again, ...this.#held]);
    this.answered();
    const forwardedBefore = this.#forwarded;
    const pieces = kept.map((frame) => this.#forward(frame));
    this.#replaced += this.#waiting - (this.#forwarded - forwardedBefore);
    this.#held = [];
    this.#waiting = 0;
    return { pieces, hadSpeech: kept.length > 0 };
  }
}
