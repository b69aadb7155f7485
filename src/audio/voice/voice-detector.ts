import { meanSquare } from '../level.ts';
import { mulawSilence, type MulawCodec } from '../mulaw.ts';
import { echoNumbers, EchoGate } from './echo-gate.ts';
import { voiceFrameSamples } from './frame-arithmetic.ts';
import { decibels } from './frame-features.ts';
import { TalkerLevel } from './talker-level.ts';
import { UtteranceSound } from './utterance-sound.ts';
import type { VoiceHearing, VoiceNews } from './voice-hearing.ts';
import { inputNumbers, VoiceInputs } from './voice-inputs.ts';
import { frameArithmetic, networkOf } from './voice-arithmetic.ts';
import { usualVoiceSettings, type VoiceSettings } from './voice-settings.ts';
import { voiceWeights } from './voice-weights.ts';

/** Both codes of a zero sample differ from this in their sign alone. */
const silenceBits = mulawSilence & 0x7f;

/**
 * What a predictor leaves of tones, in dB. Low sounds are predicted more easily, those of a throat as well: beyond a tilt of 0.85 only
 * less is a tone's.
 */
const toneResidualDb = { low: -24.5, high: -19 } as const;
const lowTilt = 0.85;

/** Points that a frame gets at most after a tone or silence: it may hold the edge of a tone, which no predictor foresees. */
const edgePoints = 1.5;

/** Points that a frame gets which is much softer than the caller, or may be an echo. */
const softPoints = -0.5;

/** Frames of more points are surely voice: the caller's level is that of these. */
const surePoints = 1;

const frameMs = 20;

const { samples } = frameArithmetic;

const network = networkOf(voiceWeights);

/**
 * Hears when somebody begins and stops to speak on a telephone line. It takes 20 ms frames of 8 kHz mu-law, the caller's and what is
 * played to the caller in the same time, and is in one of two states: nobody speaks, or somebody does.
 *
 * Each frame gets points for how likely it is a voice, as a network has learned it from recorded voices and noise; few or negative ones
 * where it may be a tone, an echo or somebody in the background. They are summed up, never below zero, until there are enough for an onset
 * (a cumulative sum test, CUSUM). An offset follows when no frame has got points for the hangover.
 *
 * It is a function of the frames alone, makes no object for a frame, and never throws: a frame that is too short is followed by silence.
 */
export class VoiceDetector implements VoiceHearing {
  readonly #codec: MulawCodec;
  readonly #settings: VoiceSettings;
  readonly #hangoverFrames: number;
  readonly #inputs: VoiceInputs;
  readonly #talker: TalkerLevel;
  readonly #echo: EchoGate;
  #utterance = new UtteranceSound();
  /** What may be the beginning of the next one. */
  #next = new UtteranceSound();
  /** Whether the last frame was of a tone, or of silence. */
  #isEdge = true;
  #isSpeaking = false;
  #points = 0;
  #framesWithout = 0;

  constructor(codec: MulawCodec, settings: VoiceSettings = usualVoiceSettings) {
    // In one piece: other calls are heard between one frame and the next, and have the processor forget this one.
    const memory = new Float64Array(inputNumbers + echoNumbers);
    this.#inputs = new VoiceInputs(memory);
    this.#echo = new EchoGate(memory, inputNumbers);
    this.#codec = codec;
    this.#settings = settings;
    this.#hangoverFrames = Math.ceil(settings.hangoverMs / frameMs);
    this.#talker = new TalkerLevel(settings.talkerFallDbPerSecond);
  }

  get isSpeaking(): boolean {
    return this.#isSpeaking;
  }

  get voicedMs(): number {
    return this.#utterance.voicedMs;
  }

  get voicedShare(): number {
    return this.#utterance.voicedShare;
  }

  get articulation(): number {
    return this.#utterance.articulation;
  }

  get changeDb(): number {
    return this.#utterance.changeDb;
  }

  get periodicity(): number {
    return this.#utterance.periodicity;
  }

  get isHumLike(): boolean {
    return this.#utterance.isHumLike;
  }

  /** The mean level of the line's noise, in dBFS. */
  get noiseDbfs(): number {
    return this.#inputs.noiseDb;
  }

  push(mulaw: Uint8Array, played: Uint8Array): VoiceNews {
    const echoDb = this.#echo.expectedDb(decibels(meanSquare(played, this.#codec)));
    if (isSilent(mulaw)) {
      if (!this.#inputs.measureSilence()) return null;
      this.#isEdge = true;
      return this.#count(this.#settings.pointsMin);
    }
    const { decode } = this.#codec;
    for (let i = 0; i < voiceFrameSamples; i++) samples[i] = decode[mulaw[i] ?? mulawSilence] ?? 0;
    this.#inputs.measure(samples);
    const points = this.#pointsOf(echoDb);
    const { features } = this.#inputs;
    if (points < surePoints) this.#echo.learn(features.levelDb);
    this.#follow(points);
    const news = this.#count(points);
    if (this.#isSpeaking && points > surePoints) this.#talker.follow(features.levelDb);
    return news;
  }

  #pointsOf(echoDb: number): number {
    const { levelDb, residualDb, tilt } = this.#inputs.features;
    const settings = this.#settings;
    const wasEdge = this.#isEdge;
    this.#isEdge = residualDb < (tilt > lowTilt ? toneResidualDb.low : toneResidualDb.high);
    if (this.#isEdge) return settings.tonePoints;
    let points = network.score(this.#inputs.values) - settings.doubtPoints;
    if (wasEdge) points = Math.min(points, edgePoints);
    if (levelDb < echoDb || levelDb < this.#talker.levelDb - settings.talkerRangeDb)
      points = Math.min(points, softPoints);
    return clamped(points, settings.pointsMin, settings.pointsMax);
  }

  /** An utterance begins with the frames that lead to its onset. */
  #follow(points: number): void {
    if (this.#points === 0) this.#next.begin();
    if (points <= 0) return;
    const { features, noiseDb } = this.#inputs;
    (this.#isSpeaking ? this.#utterance : this.#next).add(features, features.levelDb - noiseDb);
  }

  #count(points: number): VoiceNews {
    this.#talker.pass();
    this.#points = clamped(this.#points + points, 0, this.#settings.onsetPoints);
    if (!this.#isSpeaking) {
      if (this.#points < this.#settings.onsetPoints) return null;
      this.#isSpeaking = true;
      this.#framesWithout = 0;
      const last = this.#utterance;
      this.#utterance = this.#next;
      this.#next = last;
      return 'onset';
    }
    this.#framesWithout = points > 0 ? 0 : this.#framesWithout + 1;
    if (this.#framesWithout < this.#hangoverFrames) return null;
    this.#isSpeaking = false;
    this.#points = 0;
    this.#next.begin();
    return 'offset';
  }
}

function isSilent(mulaw: Uint8Array): boolean {
  for (let i = 0; i < mulaw.length; i++) if (((mulaw[i] ?? 0) & silenceBits) !== silenceBits) return false;
  return true;
}

function clamped(value: number, min: number, max: number): number {
  return Math.min(max, Math.max(min, value));
}
