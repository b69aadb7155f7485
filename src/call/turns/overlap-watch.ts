import type { BargeInParameters, CallerOverlap, VoiceFigures } from './barge-in-rule.ts';
import type { CallerEar } from './caller-ear.ts';

/** Who began to speak so long before the agent was still speaking for the model's ear, or is noise. */
const earlierMsMin = 700;

/**
 * So much voice counts of what came before, and so long ago at most, in ms: music that has played for a minute must not hide for
 * another one that somebody speaks.
 */
const joinedVoiceMsMax = 1_000;
const joinedMsMax = 2_000;

/** So much voice is words that a reply waits for, in ms, however much it takes to stop an agent that speaks already. */
const wordsMsMin = 200;

/** Nobody speaks so long without a pause of 0.3 s, in ms. */
const speechMsMax = 8_000;

/** What of the parameters the watch goes by. */
type WatchParameters = Pick<BargeInParameters, 'joinMs' | 'wordMs' | 'sureVoicedShare' | 'wordArticulation'>;

/** What the watch sees of the caller; how often the agent stepped back, it does not know. */
type Seen = Omit<CallerOverlap, 'falseHolds'>;

const noVoice: VoiceFigures = { voicedShare: 0, periodicity: 0, articulation: 0, changeDb: 0 };

const nothing: Seen = {
  ...noVoice,
  voicedMs: 0,
  latestMs: 0,
  sinceOnsetMs: 0,
  sinceVoiceMs: Infinity,
  isSpeaking: false,
  sinceOffsetMs: Infinity,
  latest: noVoice,
  isEarlier: false,
};

/**
 * What the caller says while the agent is heard. Utterances with short pauses between them are one: two words are more than each of them, and
 * the next bars of a melody are as little as the ones before.
 */
export class OverlapWatch {
  readonly #ear: CallerEar;
  readonly #parameters: WatchParameters;
  #utterance = 0;
  /** How much of it was before the agent was heard, and how much of that was voice. */
  #earlierMs = 0;
  #earlierVoicedMs = 0;
  #isEarlier = false;
  /** Whether the caller had stopped when the agent began. */
  #isPast = true;
  #before = nothing;
  #seen = nothing;

  constructor(ear: CallerEar, parameters: WatchParameters) {
    this.#ear = ear;
    this.#parameters = parameters;
  }

  /** Whether the caller speaks, and has said words: more than a hum. */
  get hearsWords(): boolean {
    const ear = this.#ear;
    if (!ear.isSpeaking || ear.sinceOnsetMs >= speechMsMax || ear.voicedMs < wordsMsMin) return false;
    const { sureVoicedShare, wordArticulation } = this.#parameters;
    return ear.voicedShare >= sureVoicedShare && ear.articulation >= wordArticulation;
  }

  /** The number of the utterance that is watched; see `CallerEar.utterances`. */
  get utterance(): number {
    return this.#utterance;
  }

  /** What was seen when `look` was last called. */
  get seen(): Seen {
    return this.#seen;
  }

  /** The agent begins to be heard. `wasAsked`: by us, beside voices, and not by whoever speaks. */
  begin(wasAsked: boolean): void {
    const { isSpeaking, voicedMs, sinceOnsetMs, utterances } = this.#ear;
    this.#utterance = utterances;
    this.#earlierVoicedMs = isSpeaking ? voicedMs : 0;
    this.#earlierMs = isSpeaking ? sinceOnsetMs : 0;
    this.#isEarlier = isSpeaking && (wasAsked || sinceOnsetMs >= earlierMsMin);
    this.#isPast = !isSpeaking;
    this.#before = nothing;
  }

  /** Looks at the caller. Returns whether another utterance has begun. */
  look(): boolean {
    const isSame = this.#ear.utterances === this.#utterance;
    if (!isSame) this.#next();
    this.#seen = this.#measured();
    return !isSame;
  }

  #next(): void {
    const { voicedMs, sinceVoiceMs, isEarlier } = this.#seen;
    const goesOn =
      voicedMs >= this.#parameters.wordMs && sinceVoiceMs <= this.#parameters.joinMs && !isEarlier && !this.#isPast;
    this.#before = goesOn ? this.#seen : nothing;
    this.#utterance = this.#ear.utterances;
    this.#earlierVoicedMs = 0;
    this.#earlierMs = 0;
    this.#isEarlier = false;
    this.#isPast = false;
  }

  #measured(): Seen {
    const ear = this.#ear;
    const before = this.#before;
    const latestMs = ear.voicedMs - this.#earlierVoicedMs;
    const beforeMs = Math.min(before.voicedMs, joinedVoiceMsMax);
    const { voicedShare, periodicity, articulation, changeDb } = ear;
    return {
      voicedMs: beforeMs + latestMs,
      latestMs,
      sinceOnsetMs: Math.min(before.sinceOnsetMs, joinedMsMax) + ear.sinceOnsetMs - this.#earlierMs,
      sinceVoiceMs: ear.sinceVoiceMs,
      isSpeaking: ear.isSpeaking,
      sinceOffsetMs: ear.sinceOffsetMs,
      voicedShare: mean(before.voicedShare, beforeMs, voicedShare, latestMs),
      periodicity: mean(before.periodicity, beforeMs, periodicity, latestMs),
      articulation: mean(before.articulation, beforeMs, articulation, latestMs),
      changeDb: mean(before.changeDb, beforeMs, changeDb, latestMs),
      latest: { voicedShare, periodicity, articulation, changeDb },
      isEarlier: this.#isEarlier,
    };
  }
}

/** The mean of two figures by how much voice each was measured in, in hundredths. */
function mean(first: number, firstMs: number, second: number, secondMs: number): number {
  if (firstMs === 0) return second;
  return Math.round((100 * (firstMs * first + secondMs * second)) / (firstMs + secondMs)) / 100;
}
