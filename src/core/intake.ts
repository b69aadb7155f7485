import { meanSquare } from '../audio/level.ts';
import { mulawBytesPerMs, type MulawCodec } from '../audio/mulaw.ts';
import { CallerUpsampler } from '../audio/resample-up.ts';

/** One mu-law sample becomes two PCM16 samples of 16 kHz. */
const pcmBytesPerMulawByte = 4;

/**
 * Caller audio held while the model connects and greets. The slowest setup (5 s) and a long greeting fit into it; what a
 * caller said longer ago is better asked again.
 */
const heldBytesMax = 20_000 * mulawBytesPerMs;

/** Mean square of −46 dBFS: above the noise of telephone lines, below quiet speech. */
const speechMeanSquare = 2.5e-5;

/** Speech of this length is no "hello?" any more: the caller wants the word. */
const bargeInMs = 700;

/** A pause of this length ends a stretch of speech. */
const pauseMs = 300;

/** Kept before and after held speech, so that soft beginnings and ends are not cut off. */
const marginMs = 240;

interface HeldFrame {
  readonly audio: Uint8Array;
  readonly isSpeech: boolean;
}

/** What became of the caller audio, in mu-law bytes: received = forwarded + replaced + dropped + waiting. */
export interface IntakeAccount {
  readonly received: number;
  readonly forwarded: number;
  /** Held silence, in whose place silence was sent or nothing had to be. */
  readonly replaced: number;
  readonly dropped: number;
  readonly waiting: number;
}

/**
 * Caller audio on its way to the model: 8 kHz mu-law in, 16 kHz PCM16 out.
 *
 * It is held while the model connects, so that the first words are not lost, and while the greeting plays, because a "hello?"
 * would make the model start its greeting again. Silence goes out in place of what is held, since the model must hear an unbroken
 * stream (GM-VAD-2). A caller who really speaks over the greeting is let through at once.
 */
export class Intake {
  readonly #codec: MulawCodec;
  readonly #upsampler: CallerUpsampler;
  #mode: 'connecting' | 'greeting' | 'live' | 'closed' = 'connecting';
  #held: HeldFrame[] = [];
  #heldBytes = 0;
  #speechMs = 0;
  #quietMs = 0;
  #greetingHasBegun = false;
  #received = 0;
  #forwarded = 0;
  #replaced = 0;
  #dropped = 0;

  constructor(codec: MulawCodec) {
    this.#codec = codec;
    this.#upsampler = new CallerUpsampler(codec);
  }

  get account(): IntakeAccount {
    return {
      received: this.#received,
      forwarded: this.#forwarded,
      replaced: this.#replaced,
      dropped: this.#dropped,
      waiting: this.#heldBytes,
    };
  }

  /** The model takes audio. It will greet first. */
  modelOpened(): void {
    if (this.#mode === 'connecting') this.#mode = 'greeting';
  }

  /** Whether caller audio waits for the end of the greeting. */
  get isHolding(): boolean {
    return this.#mode === 'greeting';
  }

  /** Audio of the greeting is there: only from here on can a caller speak over it. */
  greetingBegan(): void {
    if (!this.#greetingHasBegun) this.#speechMs = 0;
    this.#greetingHasBegun = true;
  }

  /** Takes caller audio (8 kHz mu-law, any length) and returns what the model must get now (16 kHz PCM16 little-endian). */
  receive(audio: Uint8Array): Uint8Array[] {
    this.#received += audio.length;
    switch (this.#mode) {
      case 'closed':
        this.#dropped += audio.length;
        return [];
      case 'live':
        return [this.#forward(audio)];
      case 'connecting':
        this.#hold(audio);
        return [];
      case 'greeting': {
        this.#hold(audio);
        if (this.#greetingHasBegun && this.#speechMs >= bargeInMs) return this.release();
        return [new Uint8Array(audio.length * pcmBytesPerMulawByte)];
      }
    }
  }

  /** The caller has the word: returns the speech that was held, in order, and lets everything through from here on. */
  release(): Uint8Array[] {
    if (this.#mode !== 'greeting') return [];
    this.#mode = 'live';
    const { kept, silentBytes } = this.#takeSpeech();
    this.#replaced += silentBytes;
    return kept.map((audio) => this.#forward(audio));
  }

  /** No model takes audio any more. */
  close(): void {
    this.#mode = 'closed';
    this.#dropped += this.#heldBytes;
    this.#held = [];
    this.#heldBytes = 0;
  }

  #forward(audio: Uint8Array): Uint8Array {
    this.#forwarded += audio.length;
    return this.#upsampler.push(audio);
  }

  #hold(audio: Uint8Array): void {
    const isSpeech = meanSquare(audio, this.#codec) >= speechMeanSquare;
    this.#followSpeech(isSpeech, audio.length / mulawBytesPerMs);
    this.#held.push({ audio, isSpeech });
    this.#heldBytes += audio.length;
    while (this.#heldBytes > heldBytesMax) {
      const oldest = this.#held.shift();
      if (oldest === undefined) break;
      this.#heldBytes -= oldest.audio.length;
      this.#dropped += oldest.audio.length;
    }
  }

  #followSpeech(isSpeech: boolean, frameMs: number): void {
    if (isSpeech) {
      this.#speechMs += frameMs;
      this.#quietMs = 0;
      return;
    }
    this.#quietMs += frameMs;
    if (this.#quietMs >= pauseMs) this.#speechMs = 0;
  }

  /** Takes all held frames and keeps those within the margin of speech. */
  #takeSpeech(): { kept: Uint8Array[]; silentBytes: number } {
    const keep = this.#held.map(() => false);
    const marginBytes = marginMs * mulawBytesPerMs;
    this.#held.forEach((frame, index) => {
      if (!frame.isSpeech) return;
      keep[index] = true;
      for (const step of [-1, 1]) {
        let bytes = 0;
        for (let at = index + step; bytes < marginBytes; at += step) {
          const neighbour = this.#held[at];
          if (neighbour === undefined || neighbour.isSpeech) break;
          keep[at] = true;
          bytes += neighbour.audio.length;
        }
      }
    });
    const kept = this.#held.filter((_, index) => keep[index] === true).map((frame) => frame.audio);
    const silentBytes = this.#heldBytes - kept.reduce((sum, audio) => sum + audio.length, 0);
    this.#held = [];
    this.#heldBytes = 0;
    return { kept, silentBytes };
  }
}
