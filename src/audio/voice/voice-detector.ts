import { meanSquare } from '../level.ts';
import { mulawSilence, type MulawCodec } from '../mulaw.ts';
import { EchoGate } from './echo-gate.ts';
import { decibels, FrameFeatures, voiceFrameSamples } from './frame-features.ts';
import { NoiseFloor } from './noise-floor.ts';
import { TalkerLevel } from './talker-level.ts';
import type { VoiceHearing, VoiceNews } from './voice-hearing.ts';
import { usualVoiceSettings, type VoiceSettings } from './voice-settings.ts';

/** Both codes of a zero sample differ from this in their sign alone. */
const silenceBits = mulawSilence & 0x7f;

/** How many silent frames in a row are taken for lost ones, which tell nothing. */
const lostFramesMax = 3;

/**
 * What a predictor leaves of tones, in dB. Low sounds are predicted more easily, those of a throat as well: beyond a tilt of 0.85 only
 * less is a tone's.
 */
const toneResidualDb = { low: -24.5, high: -19 } as const;
const lowTilt = 0.85;

/** Points that a frame gets which is much softer than the caller, or may be an echo. */
const softPoints = -0.5;

/** Frames of more points are surely voice: the caller's level is that of these. */
const surePoints = 1;

const frameMs = 20;

/**
 * Hears when somebody begins and stops to speak on a telephone line. It takes 20 ms frames of 8 kHz mu-law, the caller's and what is
 * played to the caller in the same time, and is in one of two states: nobody speaks, or somebody does.
 *
 * Each frame gets points, more for being loud over the noise and for having the pitch of a voice, fewer or negative ones for whatever
 * else it may be: a tone, a key, a click, an echo, somebody in the background. They are summed up, never below zero, until there are
 * enough for an onset (a cumulative sum test, CUSUM). An offset follows when no frame has got points for the hangover.
 *
 * It is a function of the frames alone, makes no object for a frame, and never throws: a frame that is too short is followed by silence.
 */
export class VoiceDetector implements VoiceHearing {
  readonly #codec: MulawCodec;
  readonly #settings: VoiceSettings;
  readonly #hangoverFrames: number;
  readonly #near = new FrameFeatures();
  readonly #noise = new NoiseFloor();
  readonly #talker: TalkerLevel;
  readonly #echo = new EchoGate();
  readonly #samples = new Float64Array(voiceFrameSamples);
  #isSpeaking = false;
  #points = 0;
  #framesWithout = 0;
  #silentFrames = 0;
  #voicedFrames = 0;
  /** Frames of voice since there were no points: the next utterance may have begun with them. */
  #begunFrames = 0;

  constructor(codec: MulawCodec, settings: VoiceSettings = usualVoiceSettings) {
    this.#codec = codec;
    this.#settings = settings;
    this.#hangoverFrames = Math.ceil(settings.hangoverMs / frameMs);
    this.#talker = new TalkerLevel(settings.talkerFallDbPerSecond);
  }

  /** Whether somebody speaks, pauses shorter than the hangover included. */
  get isSpeaking(): boolean {
    return this.#isSpeaking;
  }

  get voicedMs(): number {
    return frameMs * this.#voicedFrames;
  }

  get isHumLike(): boolean {
    return false;
  }

  /** The mean level of the line's noise, in dBFS. */
  get noiseDbfs(): number {
    return this.#noise.levelDb;
  }

  /** Takes the next frame of the caller, and what was played to the caller in its time; empty where nothing was. */
  push(mulaw: Uint8Array, played: Uint8Array): VoiceNews {
    const echoDb = this.#echo.expectedDb(decibels(meanSquare(played, this.#codec)));
    if (isSilent(mulaw)) {
      this.#silentFrames += 1;
      if (this.#silentFrames <= lostFramesMax) return null;
      this.#noise.fade();
      return this.#count(this.#settings.pointsMin);
    }
    this.#silentFrames = 0;
    const { decode } = this.#codec;
    for (let i = 0; i < voiceFrameSamples; i++) this.#samples[i] = decode[mulaw[i] ?? mulawSilence] ?? 0;
    this.#near.measure(this.#samples);
    const points = this.#pointsOf(echoDb);
    this.#noise.follow(this.#near.levelDb);
    if (points < surePoints) this.#echo.learn(this.#near.levelDb);
    const news = this.#count(points);
    if (this.#isSpeaking && points > surePoints) this.#talker.follow(this.#near.levelDb);
    return news;
  }

  #pointsOf(echoDb: number): number {
    const { levelDb, periodicity, residualDb, tilt } = this.#near;
    const settings = this.#settings;
    if (residualDb < (tilt > lowTilt ? toneResidualDb.low : toneResidualDb.high)) return settings.tonePoints;
    const excessDb = Math.max(0, this.#noise.excessDb(levelDb));
    let points = settings.quietPoints + settings.pointsPerDb * Math.min(excessDb, settings.loudDb);
    points += settings.pitchPoints * clamped(periodicity - 0.5, 0, 0.45);
    points -= settings.spreadPoints * Math.min(this.#noise.spreadDb, settings.spreadDbMax);
    if (periodicity < settings.pitchMin) points = Math.min(points, settings.voicelessPoints);
    if (levelDb < echoDb || levelDb < this.#talker.levelDb - settings.talkerRangeDb)
      points = Math.min(points, softPoints);
    return clamped(points, settings.pointsMin, settings.pointsMax);
  }

  #count(points: number): VoiceNews {
    this.#talker.pass();
    this.#points = clamped(this.#points + points, 0, this.#settings.onsetPoints);
    if (points > this.#settings.voicelessPoints) this.#begunFrames += 1;
    if (!this.#isSpeaking) {
      if (this.#points === 0) this.#begunFrames = 0;
      if (this.#points < this.#settings.onsetPoints) return null;
      this.#isSpeaking = true;
      this.#framesWithout = 0;
      this.#voicedFrames = this.#begunFrames;
      return 'onset';
    }
    this.#voicedFrames = this.#begunFrames;
    this.#framesWithout = points > 0 ? 0 : this.#framesWithout + 1;
    if (this.#framesWithout < this.#hangoverFrames) return null;
    this.#isSpeaking = false;
    this.#points = 0;
    this.#begunFrames = 0;
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
