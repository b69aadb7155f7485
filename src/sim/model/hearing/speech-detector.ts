import type { SpeechThreshold } from './speech-threshold.ts';

/** What the detector found: the caller began or stopped speaking. */
export type SpeechEdge = 'started' | 'ended';

/** When speech counts as begun and as over. */
export interface SpeechDetectorSettings {
  /** Speech needed before a start is reported, in ms of audio. */
  readonly startMs: number;
  /** Silence after which the end is reported, in ms of audio. */
  readonly silenceMs: number;
  /** Which windows are speech. */
  readonly threshold: SpeechThreshold;
}

/** Speech in the audio, in ms of audio since the session's first. */
export interface SpeechSpan {
  readonly fromMs: number;
  readonly toMs: number;
}

const windowMs = 20;
/** Pauses shorter than this lie within a word. */
const wordPauseMs = 200;
/** Spans kept for assertions: an hour of lively talk has fewer. */
const spansMax = 2_000;
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
  #positionMs = 0;
  readonly #spans: SpeechSpan[] = [];
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

  /** Length of the audio searched so far, in ms. */
  get positionMs(): number {
    return this.#positionMs;
  }

  /** Where there was speech, however short. */
  get spans(): readonly SpeechSpan[] {
    return this.#spans;
  }

  /** Takes PCM16 little-endian mono and returns what changed in it, in order. */
  feed(pcm: Uint8Array, sampleRateHz: number): readonly SpeechEdge[] {
    const windowSamples = Math.round((sampleRateHz * windowMs) / 1000);
    const samples = samplesOf(pcm);
    const edges: SpeechEdge[] = [];
    for (let at = 0; at < samples.length;) {
      const end = Math.min(samples.length, at + windowSamples - this.#samples);
      this.#samples += end - at;
      let squares = 0;
      // Telephone sound has nothing between one sample of 16 kHz and the next: every second one tells its loudness.
      for (let taken = at; taken < end; taken += 2) {
        const sample = samples[taken] ?? 0;
        squares += sample * sample;
      }
      at = end;
      this.#squares += 2 * squares;
      if (this.#samples < windowSamples) break;
      const edge = this.#window(this.#settings.threshold.isLoud(this.#squares / this.#samples));
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
    this.#positionMs += windowMs;
    if (isLoud) this.#noteSpeech();
    this.#runMs = isLoud === this.#isSpeaking ? 0 : this.#runMs + windowMs;
    if (this.#runMs === 0) return null;
    if (this.#isSpeaking) return this.#runMs >= this.#settings.silenceMs ? this.#turnOver('ended') : null;
    return this.#runMs >= this.#settings.startMs ? this.#turnOver('started') : null;
  }

  #noteSpeech(): void {
    this.#speechMs += windowMs;
    const fromMs = this.#positionMs - windowMs;
    const last = this.#spans.at(-1);
    if (last !== undefined && fromMs - last.toMs < wordPauseMs) {
      this.#spans[this.#spans.length - 1] = { fromMs: last.fromMs, toMs: this.#positionMs };
    } else if (this.#spans.length < spansMax) {
      this.#spans.push({ fromMs, toMs: this.#positionMs });
    }
  }

  #turnOver(edge: SpeechEdge): SpeechEdge {
    this.#isSpeaking = edge === 'started';
    this.#runMs = 0;
    return edge;
  }
}

/** A view where the bytes lie on whole samples, which decoded audio does; every engine that runs this is little-endian. */
function samplesOf(pcm: Uint8Array): Int16Array {
  const aligned = pcm.byteOffset % sampleBytes === 0 ? pcm : new Uint8Array(pcm);
  return new Int16Array(aligned.buffer, aligned.byteOffset, Math.floor(aligned.length / sampleBytes));
}
