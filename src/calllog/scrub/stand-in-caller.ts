import { meanSquare } from '../../audio/level.ts';
import type { MulawCodec } from '../../audio/mulaw.ts';
import type { VoiceHearing } from '../../audio/voice/voice-hearing.ts';
import { type StandInKind, standInSample } from './stand-in-wave.ts';

/** 20 ms of 8 kHz mu-law: a voice is heard in these, and the level is kept in these. */
const frameBytes = 160;
const frameMs = 20;

const loudest = 32_124;

/** Softer than this, the steps of mu-law leave nothing of a voice (RMS of PCM16 samples; -60 dBFS). */
const voiceRmsMin = 32;

/** Breath in the voice, to the voice, is 24 dB softer. Without it a hum would be taken for tones. */
const breath = 0.06;

/** How often the loudness is brought nearer to what it should be, for each frame. */
const approaches = 6;

const nothing = new Uint8Array();

/**
 * Stands in for a caller: a synthetic voice where a voice was heard, a hum where it was no more than a hum, noise elsewhere, as loud in
 * every 20 ms. What was said cannot be made out, and whoever hears when a caller speaks hears much the same.
 */
export class StandInCaller {
  readonly #codec: MulawCodec;
  readonly #kinds: readonly StandInKind[];
  /** Where in its words the voice begins: a stand-in of a stand-in is another sound. */
  readonly #startSample: number;
  #noise: number;
  #at = 0;

  /** `pieces`: all sound of the caller in order. `seed`: a whole number of 0 or more that is another one for each call. */
  constructor(pieces: readonly Uint8Array[], hearing: VoiceHearing, codec: MulawCodec, seed: number) {
    this.#codec = codec;
    this.#kinds = kindsOf(joined(pieces), hearing);
    this.#startSample = seed % 65_536;
    this.#noise = Math.imul(seed + 1, 0x9e3779b1) || 1;
  }

  /** Takes the pieces one after the other, and gives for each the one that stands in for it. */
  replace(piece: Uint8Array): Uint8Array {
    const standIn = new Uint8Array(piece.length);
    for (let start = 0; start < piece.length; start += frameBytes) {
      const rms = Math.sqrt(meanSquare(piece.subarray(start, start + frameBytes), this.#codec)) * 32_768;
      const frame = standIn.subarray(start, start + frameBytes);
      const kind = this.#kinds[Math.floor(this.#at / frameBytes)] ?? 'noise';
      if (kind === 'noise' || rms < voiceRmsMin) this.#writeNoise(frame, rms);
      else this.#writeVoice(frame, rms, kind);
      this.#at += frame.length;
    }
    return standIn;
  }

  /** Each sample has the loudness or its opposite, as chance will have it. */
  #writeNoise(frame: Uint8Array, rms: number): void {
    let missing = 0;
    for (let at = 0; at < frame.length; at += 1) {
      missing += rms ** 2;
      const wanted = Math.min(loudest, Math.sqrt(Math.max(0, missing)));
      frame[at] = this.#codeOf(this.#nextSign() * wanted);
      missing -= this.#sampleOf(frame[at]) ** 2;
    }
  }

  #writeVoice(frame: Uint8Array, rms: number, kind: 'voice' | 'hum'): void {
    const wave = Float64Array.from(
      frame,
      (_, at) => standInSample(kind, this.#startSample + this.#at + at) + breath * this.#nextSign(),
    );
    let gain = rms;
    for (let approach = 0; approach < approaches; approach += 1) {
      let sum = 0;
      for (let at = 0; at < frame.length; at += 1) {
        frame[at] = this.#codeOf(gain * (wave[at] ?? 0));
        sum += this.#sampleOf(frame[at]) ** 2;
      }
      gain *= rms / Math.sqrt(sum / frame.length);
    }
  }

  #codeOf(sample: number): number {
    return this.#codec.encode[32_768 + Math.round(Math.max(-loudest, Math.min(loudest, sample)))] ?? 0xff;
  }

  #sampleOf(code: number | undefined): number {
    return this.#codec.decode[code ?? 0xff] ?? 0;
  }

  /** A xorshift generator of 32 bits. */
  #nextSign(): number {
    this.#noise ^= this.#noise << 13;
    this.#noise ^= this.#noise >>> 17;
    this.#noise ^= this.#noise << 5;
    return this.#noise < 0 ? -1 : 1;
  }
}

/** What each frame of the caller is. A voice is noticed late, so it is looked for in all of the sound first. */
function kindsOf(audio: Uint8Array, hearing: VoiceHearing): StandInKind[] {
  const kinds = Array.from({ length: Math.ceil(audio.length / frameBytes) }, (): StandInKind => 'noise');
  let begin = 0;
  let voicedMs = 0;
  let voiced: number[] = [];
  const settle = (isHum: boolean): void => {
    for (const frame of voiced) kinds[frame] = isHum ? 'hum' : 'voice';
    voiced = [];
  };
  let isHum = false;
  for (let frame = 0; frame < kinds.length; frame += 1) {
    const news = hearing.push(audio.subarray(frame * frameBytes, (frame + 1) * frameBytes), nothing);
    if (news === 'onset') {
      settle(isHum);
      // The frames that led to it are counted with it.
      begin = Math.max(begin, frame + 1 - Math.max(1, hearing.voicedMs / frameMs));
      for (let before = begin; before <= frame; before += 1) voiced.push(before);
    } else if (hearing.isSpeaking && hearing.voicedMs > voicedMs) voiced.push(frame);
    if (hearing.isSpeaking) begin = frame + 1;
    if (hearing.isSpeaking || news === 'offset') isHum = hearing.isHumLike;
    voicedMs = hearing.voicedMs;
  }
  settle(isHum);
  return kinds;
}

function joined(pieces: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(pieces.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
