import { mulawBytesPerMs, mulawSilence } from '../../audio/mulaw.ts';
import type { VoiceHearing } from '../../audio/voice/voice-hearing.ts';

const frameMs = 20;
const frameBytes = frameMs * mulawBytesPerMs;

/** Less voice than this is no word, in ms. */
const wordMsMin = 120;

/** A silence that is longer says nothing more: every voice has ended in it. */
const silenceMsMax = 1_000;

/**
 * Parley's own ear for the caller. It cuts the caller's sound, of whatever lengths it comes in, into the frames that a voice is heard in,
 * and tells who speaks since when. Its times are those of the sound: frames that come late, or together, count as long as they are.
 */
export class CallerEar {
  readonly #hearing: VoiceHearing;
  readonly #heardNow: () => Uint8Array;
  /** The beginning of a frame whose end has not come. */
  readonly #begun = new Uint8Array(frameBytes);
  readonly #silence = new Uint8Array(frameBytes).fill(mulawSilence);
  #begunBytes = 0;
  #utterances = 0;
  #sinceOnsetMs = 0;
  #sinceOffsetMs = Infinity;
  #sinceVoiceMs = Infinity;
  #voicedMs = 0;

  /** `heardNow`: gives what the caller hears just now, 20 ms of 8 kHz mu-law, or less where there is none. */
  constructor(hearing: VoiceHearing, heardNow: () => Uint8Array) {
    this.#hearing = hearing;
    this.#heardNow = heardNow;
  }

  /** Whether the caller speaks, pauses of up to 0.3 s included. */
  get isSpeaking(): boolean {
    return this.#hearing.isSpeaking;
  }

  /** How much of the present or last utterance was voice, in ms. */
  get voicedMs(): number {
    return this.#hearing.voicedMs;
  }

  /** Whether it has voice enough for a word. */
  get mayHoldWord(): boolean {
    return this.voicedMs >= wordMsMin;
  }

  /** How much of its sound has a pitch, 0 to 1. */
  get voicedShare(): number {
    return this.#hearing.voicedShare;
  }

  /** How much its spectrum moves; see `VoiceHearing`. */
  get articulation(): number {
    return this.#hearing.articulation;
  }

  /** How fast its spectrum moves, in dB; see `VoiceHearing`. */
  get changeDb(): number {
    return this.#hearing.changeDb;
  }

  /** How well its sound repeats itself at a pitch, 0 to 1. */
  get periodicity(): number {
    return this.#hearing.periodicity;
  }

  /** Whether it is no more than a hum by its sound, as far as it was heard. */
  get isHumLike(): boolean {
    return this.#hearing.isHumLike;
  }

  /** How often the caller has begun to speak. It tells one utterance from the next. */
  get utterances(): number {
    return this.#utterances;
  }

  /** How long ago the present or last utterance was noticed, in ms of sound. A voice is noticed some 50 ms after it has begun. */
  get sinceOnsetMs(): number {
    return this.#sinceOnsetMs;
  }

  /** How long ago the last frame was that was voice, in ms of sound. */
  get sinceVoiceMs(): number {
    return this.#sinceVoiceMs;
  }

  /** How long ago the caller was found to have stopped, in ms of sound; Infinity before the first time, 0 while the caller speaks. */
  get sinceOffsetMs(): number {
    return this.#sinceOffsetMs;
  }

  /** Takes sound of the caller: 8 kHz mu-law, of any length. */
  hear(audio: Uint8Array): void {
    // Nearly all of it comes as frames already.
    if (this.#begunBytes === 0 && audio.length === frameBytes) return this.#push(audio);
    for (let at = 0; at < audio.length;) {
      const part = audio.subarray(at, at + frameBytes - this.#begunBytes);
      this.#begun.set(part, this.#begunBytes);
      this.#begunBytes += part.length;
      at += part.length;
      if (this.#begunBytes < frameBytes) continue;
      this.#begunBytes = 0;
      this.#push(this.#begun);
    }
  }

  /** Nothing came of the caller for so long. */
  hearNothing(ms: number): void {
    const frames = Math.floor(Math.min(ms, silenceMsMax) / frameMs);
    for (let frame = 0; frame < frames; frame++) this.hear(this.#silence);
  }

  /** The stream is gone, and whoever spoke on it. */
  streamLost(): void {
    this.#begunBytes = 0;
    this.hearNothing(silenceMsMax);
  }

  #push(frame: Uint8Array): void {
    this.#sinceOnsetMs += frameMs;
    this.#sinceOffsetMs += frameMs;
    const news = this.#hearing.push(frame, this.#heardNow());
    if (news === 'onset') {
      this.#utterances += 1;
      this.#sinceOnsetMs = 0;
    }
    if (news === 'offset' || this.isSpeaking) this.#sinceOffsetMs = 0;
    const { voicedMs } = this.#hearing;
    this.#sinceVoiceMs = voicedMs === this.#voicedMs ? this.#sinceVoiceMs + frameMs : 0;
    this.#voicedMs = voicedMs;
  }
}
