import type { AudioPath, ComfortSounds, Resampler } from '../../audio/audio-path.ts';
import { meanSquare } from '../../audio/level.ts';
import { type MulawCodec, mulawSilence } from '../../audio/mulaw.ts';
import { agentTailCodes } from '../../audio/resample-down.ts';
import { callerTailCodes } from '../../audio/resample-up.ts';
import type { VoiceHearing, VoiceNews } from '../../audio/voice/voice-hearing.ts';

/** PCM16 bytes at 24 kHz behind one code, and at 16 kHz in front of one. */
const agentBytesPerCode = 6;
const callerBytesPerCode = 4;

/** −40 dBFS: simulated callers speak at −20, and their pauses are silent. */
const voiceMeanSquareMin = 1e-4;

/** So many loud frames in a row are a voice, and so many soft ones its end: 60 and 300 ms. */
const onsetFrames = 3;
const offsetFrames = 15;

/** Simulated callers say nothing so short but "mm-hm". */
const humMsMax = 180;
const frameMs = 20;

/**
 * An audio path for calls in which only length and level of the sound matter: it gives as many bytes at each moment as the filtered
 * path, of the same level, and costs a tenth. Nothing is filtered, so what 8 kHz cannot carry comes back lower.
 */
export function levelAudioPath(codec: MulawCodec, comfortSounds: ComfortSounds): AudioPath {
  const doubled = doubledSamples(codec);
  return {
    codec,
    comfortSounds,
    callerUpsampler: () => new LevelUpsampler(doubled),
    agentDownsampler: () => new LevelDownsampler(codec),
    voiceDetector: () => new LevelHearing(codec),
  };
}

/** For each code the four bytes of its sample, twice: in one word, as the machine keeps words. */
function doubledSamples({ decode }: MulawCodec): Uint32Array {
  const bytes = new Uint8Array(callerBytesPerCode * decode.length);
  decode.forEach((sample, code) => {
    bytes.set([sample, sample >> 8, sample, sample >> 8], callerBytesPerCode * code);
  });
  return new Uint32Array(bytes.buffer);
}

/** Each sample of the caller twice. */
class LevelUpsampler implements Resampler {
  readonly #doubled: Uint32Array;
  #holdsSound = false;

  constructor(doubled: Uint32Array) {
    this.#doubled = doubled;
  }

  push(mulaw: Uint8Array): Uint8Array {
    const doubled = this.#doubled;
    const words = new Uint32Array(mulaw.length);
    for (let i = 0; i < mulaw.length; i++) words[i] = doubled[mulaw[i] ?? 0] ?? 0;
    if (mulaw.length > 0) this.#holdsSound = true;
    return new Uint8Array(words.buffer);
  }

  flush(): Uint8Array {
    const tail = new Uint8Array(this.#holdsSound ? callerBytesPerCode * callerTailCodes : 0);
    this.reset();
    return tail;
  }

  reset(): void {
    this.#holdsSound = false;
  }
}

/** The last of each three samples of the agent. */
class LevelDownsampler implements Resampler {
  readonly #encode: Uint8Array;
  /** Bytes since the reply began. */
  #bytes = 0;
  /** The last of them: the first half of a sample that a chunk may have cut. */
  #lastByte = 0;

  constructor({ encode }: MulawCodec) {
    this.#encode = encode;
  }

  push(pcm24k: Uint8Array): Uint8Array {
    const waitingBytes = this.#bytes % agentBytesPerCode;
    const encode = this.#encode;
    const codes = new Uint8Array(Math.floor((waitingBytes + pcm24k.length) / agentBytesPerCode));
    let high = agentBytesPerCode - 1 - waitingBytes;
    for (let i = 0; i < codes.length; i++, high += agentBytesPerCode) {
      const low = high === 0 ? this.#lastByte : (pcm24k[high - 1] ?? 0);
      // Shifting up and back carries the sign bit of the high byte.
      const sample = (((pcm24k[high] ?? 0) << 24) >> 16) | low;
      codes[i] = encode[sample + 32_768] ?? 0;
    }
    this.#bytes += pcm24k.length;
    this.#lastByte = pcm24k.at(-1) ?? this.#lastByte;
    return codes;
  }

  flush(): Uint8Array {
    // Half a sample is none.
    const tail = new Uint8Array(this.#bytes < 2 ? 0 : agentTailCodes).fill(mulawSilence);
    this.reset();
    return tail;
  }

  reset(): void {
    this.#bytes = 0;
  }
}

/** Hears a voice by its level alone: enough for callers that are sure to be silent or to speak, at a fraction of the cost. */
class LevelHearing implements VoiceHearing {
  readonly #codec: MulawCodec;
  #isSpeaking = false;
  /** Frames in a row that speak against the present state. */
  #frames = 0;
  #voicedFrames = 0;

  constructor(codec: MulawCodec) {
    this.#codec = codec;
  }

  get isSpeaking(): boolean {
    return this.#isSpeaking;
  }

  get voicedMs(): number {
    return frameMs * this.#voicedFrames;
  }

  /** Words have consonants. */
  get voicedShare(): number {
    return this.isHumLike ? 1 : 0.95;
  }

  get articulation(): number {
    return this.isHumLike ? 0 : 1;
  }

  get changeDb(): number {
    return this.isHumLike ? 0 : 3;
  }

  get periodicity(): number {
    return 0.9;
  }

  get isHumLike(): boolean {
    return this.voicedMs <= humMsMax;
  }

  push(caller: Uint8Array): VoiceNews {
    const isLoud = meanSquare(caller, this.#codec) >= voiceMeanSquareMin;
    this.#frames = isLoud === this.#isSpeaking ? 0 : this.#frames + 1;
    if (this.#isSpeaking && isLoud) this.#voicedFrames += 1;
    if (this.#frames < (this.#isSpeaking ? offsetFrames : onsetFrames)) return null;
    this.#frames = 0;
    this.#isSpeaking = !this.#isSpeaking;
    if (this.#isSpeaking) this.#voicedFrames = onsetFrames;
    return this.#isSpeaking ? 'onset' : 'offset';
  }
}
