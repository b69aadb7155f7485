import type { Setup } from '../protocol/setup-message.ts';
import type { SetupRules } from '../protocol/setup-rules.ts';
import { closeReasons, refusal } from '../protocol/close-reasons.ts';
import type { CloseFrame } from '../protocol/close-reasons.ts';
import { decodeBytes } from '../protocol/proto-json.ts';
import type { SessionScript } from '../script/script.ts';
import { SpeechDetector } from './speech-detector.ts';
import type { SpeechEdge, SpeechSpan } from './speech-detector.ts';
import { fixedThreshold, NoiseThreshold } from './speech-threshold.ts';

/** What came of a piece of audio: the caller's turns in it, or the close it earns. */
export type AudioOutcome = { readonly edges: readonly SpeechEdge[] } | { readonly close: CloseFrame };

type AudioIntakeScript = Pick<SessionScript, 'deafToMs' | 'pauseMsMax' | 'turnTaking' | 'audioOutsideActivity'>;

/** Audio kept for assertions: 5 min at 16 kHz, longer than any simulated call. What comes later is counted, not kept. */
const keptBytesMax = 5 * 60 * 32_000;
const defaultSampleRateHz = 16_000;
/** The service's own values where the setup leaves them out (GM-VAD-1). */
const silenceMsDefault = 800;
const prefixMsDefault = 20;
/** -45 and -35 dBFS: speech on the telephone lies near -20, its quiet ends near -40. */
const rmsMinBySensitivity = { high: 184, low: 583 };

/**
 * Takes the caller's audio: PCM16 mono of the rate that its type names (GM-AUDIO-1), searched for speech as the setup asks. With
 * automatic detection switched off the client says where a turn begins and ends, and audio outside is dropped.
 */
export class AudioIntake {
  /** Whether the client says where a turn begins and ends. */
  readonly isManual: boolean;
  readonly #detector: SpeechDetector;
  readonly #refusesOutside: boolean;
  /** Silence after which a turn is over, in ms. */
  readonly silenceMs: number;
  readonly #kept: Uint8Array[] = [];
  #keptBytes = 0;
  #receivedMs = 0;
  #firstAtMs: number | null = null;
  #isActive = false;
  #activeMs = 0;
  #lastAtMs: number | null = null;
  #gapMsMax = 0;

  /** `deafToMs`: shorter speech is not noticed, as real models do to short answers. `pauseMsMax`: such a pause ends a turn (GM-VAD-3). */
  constructor(setup: Setup, { deafToMs, pauseMsMax, turnTaking, audioOutsideActivity }: AudioIntakeScript) {
    const detection = setup.realtimeInputConfig?.automaticActivityDetection ?? {};
    this.isManual = detection.disabled === true;
    const isDull = detection.startOfSpeechSensitivity === 'START_SENSITIVITY_LOW';
    this.silenceMs = Math.min(detection.silenceDurationMs ?? silenceMsDefault, pauseMsMax ?? Infinity);
    this.#refusesOutside = audioOutsideActivity === 'refused';
    const rmsMin = isDull ? rmsMinBySensitivity.low : rmsMinBySensitivity.high;
    this.#detector = new SpeechDetector({
      startMs: Math.max(detection.prefixPaddingMs ?? prefixMsDefault, deafToMs),
      silenceMs: this.silenceMs,
      threshold: turnTaking === null || this.isManual ? fixedThreshold(rmsMin) : new NoiseThreshold(rmsMin),
    });
  }

  get isSpeaking(): boolean {
    return this.isManual ? this.#isActive : this.#detector.isSpeaking;
  }

  /** Audio that held speech so far, in ms. Outside of the turns that a client marks none is searched. */
  get heardSpeechMs(): number {
    return this.#detector.speechMs;
  }

  /** Audio that counts as the caller's input so far, in ms. */
  get speechMs(): number {
    return this.isManual ? this.#activeMs : this.#detector.speechMs;
  }

  /** Length of the audio searched for speech, in ms. */
  get positionMs(): number {
    return this.#detector.positionMs;
  }

  /** Length of the audio received, in ms. */
  get receivedMs(): number {
    return this.#receivedMs;
  }

  /** When the first audio arrived. */
  get firstAtMs(): number | null {
    return this.#firstAtMs;
  }

  /** Where in the audio the caller spoke. Audio outside of a turn that the client marks is not searched. */
  get speech(): readonly SpeechSpan[] {
    return this.#detector.spans;
  }

  /** The longest time between two messages of audio, in ms. */
  get gapMsMax(): number {
    return this.#gapMsMax;
  }

  /** The audio received, joined: the first five minutes of it. */
  received(): Uint8Array {
    const joined = new Uint8Array(this.#keptBytes);
    let offset = 0;
    for (const piece of this.#kept) {
      joined.set(piece, offset);
      offset += piece.length;
    }
    return joined;
  }

  accept(blob: { readonly data: string; readonly mimeType: string }, atMs: number): AudioOutcome {
    const format = /^audio\/pcm(?:;\s*rate=(\d+))?$/.exec(blob.mimeType);
    if (format === null) return { close: closeReasons.argumentInvalid };
    const sampleRateHz = format[1] === undefined ? defaultSampleRateHz : Number(format[1]);
    const pcm = decodeBytes(blob.data);
    if (pcm === null) {
      return { close: refusal("Invalid value at 'realtime_input.audio.data' (TYPE_BYTES), Base64 decoding failed") };
    }
    if (pcm.length % 2 !== 0) return { close: closeReasons.argumentInvalid };
    const pieceMs = (pcm.length / 2 / sampleRateHz) * 1000;
    this.#count(pcm, pieceMs, atMs);
    if (this.isManual && !this.#isActive) {
      return this.#refusesOutside ? { close: closeReasons.argumentInvalid } : { edges: [] };
    }
    const edges = this.#detector.feed(pcm, sampleRateHz);
    if (!this.isManual) return { edges };
    this.#activeMs += pieceMs;
    return { edges: [] };
  }

  /** The client's own start or end of a turn: only where it detects speech itself (GM-VAD-6). */
  mark(edge: SpeechEdge): AudioOutcome {
    if (!this.isManual) return { close: closeReasons.activityUnwanted };
    if (this.#isActive === (edge === 'started')) return { close: closeReasons.argumentInvalid };
    this.#isActive = edge === 'started';
    return { edges: [edge] };
  }

  /** Text ends a turn that the client has open, or is refused there: then false (GM-VAD-6). */
  takeText(inActivity: SetupRules['textInActivity']): boolean {
    if (!this.#isActive) return true;
    if (inActivity === 'refused') return false;
    this.#isActive = false;
    return true;
  }

  /** The client says that no audio comes for a while: only where the service detects speech. */
  streamEnd(closesTurn: boolean): AudioOutcome {
    if (this.isManual) return { close: closeReasons.argumentInvalid };
    return { edges: closesTurn ? this.#detector.end() : [] };
  }

  #count(pcm: Uint8Array, pieceMs: number, atMs: number): void {
    this.#receivedMs += pieceMs;
    this.#firstAtMs ??= atMs;
    this.#gapMsMax = Math.max(this.#gapMsMax, atMs - (this.#lastAtMs ?? atMs));
    this.#lastAtMs = atMs;
    const isDiscarded = this.isManual && !this.#isActive;
    if (isDiscarded || this.#keptBytes + pcm.length > keptBytesMax) return;
    this.#kept.push(pcm);
    this.#keptBytes += pcm.length;
  }
}
