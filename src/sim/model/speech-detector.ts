/** What the detector found: the caller began or stopped speaking. */
export type SpeechEdge = 'started' | 'ended';

/** When speech counts as begun and as over. */
export interface SpeechDetectorSettings {
  /** Speech needed before a start is reported, in ms of audio. */
  readonly startMs: number;
  /** Silence after which the end is reported, in ms of audio. */
  readonly silenceMs: number;
  /** A window louder than this is speech: root mean square of PCM16 samples. */
  readonly rmsMin: number;
}

const windowMs = 20;
const sampleBytes = 2;

/**
 * Finds turns of speech by energy, in windows of 20 ms. It counts the audio's own time and not the time of arrival: where audio stops
 * arriving, nothing is decided (GM-VAD-1, GM-VAD-2).
 */
export class SpeechDetector {
  readonly #settings: SpeechDetectorSettings;
  #isSpeaking = false;
  /** Length of the present run: of speech while silent, of silence while speaking. */
  #runMs = 0;
  #speechMs = 0;
  #squares = 0;
  #samples = 0;

  constructor(settings: SpeechDetectorSettings) {
    this.#settings = settings;
  }

  get isSpeaking(): boolean {
    return this.#isSpeaking;
  }

  /** Audio that held speech so far, in ms. */
  get speechMs(): number {
    return this.#speechMs;
  }

  /** Takes PCM16 little-endian mono and returns what changed in it, in order. */
  feed(pcm: Uint8Array, sampleRateHz: number): readonly SpeechEdge[] {
    const windowSamples = Math.round((sampleRateHz * windowMs) / 1000);
    const edges: SpeechEdge[] = [];
    const lastOffset = pcm.length - sampleBytes;
    for (let offset = 0; offset <= lastOffset;) {
      const endOffset = Math.min(lastOffset, offset + (windowSamples - this.#samples - 1) * sampleBytes);
      this.#samples += (endOffset - offset) / sampleBytes + 1;
      let squares = 0;
      for (; offset <= endOffset; offset += sampleBytes) {
        // Shifting up and back carries the sign bit of the high byte.
        const sample = (((pcm[offset + 1] ?? 0) << 24) >> 16) | (pcm[offset] ?? 0);
        squares += sample * sample;
      }
      this.#squares += squares;
      if (this.#samples < windowSamples) break;
      const edge = this.#window(this.#squares / this.#samples > this.#settings.rmsMin ** 2);
      if (edge !== null) edges.push(edge);
      this.#squares = 0;
      this.#samples = 0;
    }
    return edges;
  }

  /** Ends the caller's turn at once, as `audioStreamEnd` does where the model obeys it. */
  end(): readonly SpeechEdge[] {
    return this.#isSpeaking ? [this.#turnOver('ended')] : [];
  }

  #window(isLoud: boolean): SpeechEdge | null {
    if (isLoud) this.#speechMs += windowMs;
    this.#runMs = isLoud === this.#isSpeaking ? 0 : this.#runMs + windowMs;
    if (this.#runMs === 0) return null;
    if (this.#isSpeaking) return this.#runMs >= this.#settings.silenceMs ? this.#turnOver('ended') : null;
    return this.#runMs >= this.#settings.startMs ? this.#turnOver('started') : null;
  }

  #turnOver(edge: SpeechEdge): SpeechEdge {
    this.#isSpeaking = edge === 'started';
    this.#runMs = 0;
    return edge;
  }
}
