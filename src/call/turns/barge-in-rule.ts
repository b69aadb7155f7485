/** How the agent yields to a caller who speaks over it. All of it is measured in the sound of the caller, not by the clock. */
export interface BargeInParameters {
  /** After so much of the caller's voice over the agent's the agent is softer, in ms. */
  readonly holdMs: number;
  /** How much softer, in dB. */
  readonly holdDb: number;
  /** So much voice is an interruption, if it is words, in ms. */
  readonly yieldMs: number;
  /** The longest pause between utterances that belong together, in ms. */
  readonly joinMs: number;
  /** What has a pitch in less of its sound than this is no voice, 0 to 1. */
  readonly voicedShareMin: number;
  /** Words move the spectrum at least so much, see `VoiceHearing.articulation`; a word that is over, at least `wordArticulation`. */
  readonly articulationMin: number;
  readonly wordArticulation: number;
  /** From so much voice on, in ms, less is enough: of the pitch, because coughs are over by then, and of what moves in words with pauses. */
  readonly sureMs: number;
  readonly sureVoicedShare: number;
  readonly pausedArticulation: number;
  /** What was no voice for so long in all, up to the last of it, has pauses, in ms. */
  readonly pausesMs: number;
  /** What has so much voice without having been words is a hum or music, in ms. Only what moves more than `longArticulation` is words then. */
  readonly longMs: number;
  readonly longArticulation: number;
  /** Pauses and consonants, which have no pitch, are in words and seldom in music: where the share with a pitch is no more, this is enough. */
  readonly consonantShareMax: number;
  readonly consonantArticulation: number;
  /** Less voice than this is no word, but a cough or a knock, in ms. */
  readonly wordMs: number;
  /** A caller who has said a word that is no hum, and has been silent for so long since it was found to be over, waits, in ms. */
  readonly waitMs: number;
  /** So much voice is one of a caller who spoke already when the agent began: the model took that for noise, or for the end, in ms. */
  readonly earlierMs: number;
  /** After so many holds for nothing within `falseHoldsMs` the agent steps back so much later, in ms. */
  readonly falseHoldsMax: number;
  readonly falseHoldsMs: number;
  readonly waryMs: number;
}

/** What stops soon enough for a person and goes on through a "mm-hm". */
export const usualBargeIn: BargeInParameters = {
  holdMs: 160,
  holdDb: 12,
  yieldMs: 200,
  joinMs: 1_200,
  voicedShareMin: 0.8,
  articulationMin: 0.55,
  wordArticulation: 0.3,
  sureMs: 240,
  sureVoicedShare: 0.7,
  pausedArticulation: 0.4,
  pausesMs: 80,
  longMs: 500,
  longArticulation: 0.8,
  consonantShareMax: 0.97,
  consonantArticulation: 0.5,
  wordMs: 100,
  waitMs: 600,
  earlierMs: 1_500,
  falseHoldsMax: 3,
  falseHoldsMs: 10_000,
  waryMs: 140,
};

/** What is known of a caller who speaks, or has spoken, while the agent is heard. */
export interface CallerOverlap {
  /** How much of the caller's voice lay over the agent's, in ms, and how much of that is of the latest utterance. */
  readonly voicedMs: number;
  readonly latestMs: number;
  readonly isSpeaking: boolean;
  /** How long ago the voice was noticed over the agent's, and how long ago the last of it was, in ms. */
  readonly sinceOnsetMs: number;
  readonly sinceVoiceMs: number;
  /** Since when the caller was found to have stopped, in ms; 0 while the caller speaks. */
  readonly sinceOffsetMs: number;
  /** How much of what was heard has a pitch, 0 to 1, and how much its spectrum moves. */
  readonly voicedShare: number;
  readonly articulation: number;
  /** The same of the latest utterance alone. */
  readonly latestVoicedShare: number;
  readonly latestArticulation: number;
  /** Whether the caller spoke long before the agent began, or a voice before an answer that was asked for beside voices. */
  readonly isEarlier: boolean;
  /** How often the agent stepped back for nothing, lately. */
  readonly falseHolds: number;
}

/** `wait`: nothing is known yet, and the agent is as loud as it was. `hold`: the agent steps back. `goOn`: it was nothing. `yield`: the agent stops. */
export interface BargeInVerdict {
  readonly what: 'wait' | 'hold' | 'goOn' | 'yield';
  /** `speech`: there was enough of it. `word`: a short one, after which the caller waits. `hum` and `noise`: it was no more than that. */
  readonly why: 'voice' | 'speech' | 'word' | 'hum' | 'noise';
}

/** Judges a caller's voice over the agent's. */
export function judgeOverlap(overlap: CallerOverlap, parameters: BargeInParameters): BargeInVerdict {
  const { voicedMs, isSpeaking, sinceOffsetMs, isEarlier } = overlap;
  const waryMs = overlap.falseHolds >= parameters.falseHoldsMax ? parameters.waryMs : 0;
  const enoughMs = (isEarlier ? parameters.earlierMs : parameters.yieldMs) + waryMs;
  const isWords = isVoice(overlap, parameters) && overlap.articulation >= articulationOfWords(overlap, parameters);
  if (voicedMs >= enoughMs && isWords) return { what: 'yield', why: 'speech' };
  if (overlap.latestMs >= enoughMs && isClear(overlap, parameters)) return { what: 'yield', why: 'speech' };
  if (isSpeaking) {
    const isHeld = overlap.latestMs >= parameters.holdMs + waryMs && !isEarlier;
    return { what: isHeld ? 'hold' : 'wait', why: 'voice' };
  }
  if (voicedMs < parameters.wordMs || isEarlier || !isVoice(overlap, parameters)) return { what: 'goOn', why: 'noise' };
  if (overlap.articulation < articulationOfWord(overlap, parameters)) return { what: 'goOn', why: 'hum' };
  return sinceOffsetMs < parameters.waitMs ? { what: 'wait', why: 'voice' } : { what: 'yield', why: 'word' };
}

/** Coughs, knocks and hisses have a pitch now and then, for less than `sureMs` each. Words do without one in their consonants. */
function isVoice({ latestMs, voicedShare }: CallerOverlap, parameters: BargeInParameters): boolean {
  return voicedShare >= (latestMs < parameters.sureMs ? parameters.voicedShareMin : parameters.sureVoicedShare);
}

/** A mouth moves with each sound of a word. What is hummed, or played, moves little, or slowly, and seldom pauses. */
function articulationOfWords(overlap: CallerOverlap, parameters: BargeInParameters): number {
  const { voicedMs, voicedShare } = overlap;
  const pauses = hasPauses(overlap, parameters);
  if (voicedMs >= parameters.longMs) {
    const hasConsonants = voicedShare <= parameters.consonantShareMax;
    return pauses && hasConsonants ? parameters.consonantArticulation : parameters.longArticulation;
  }
  return pauses && voicedMs >= parameters.sureMs ? parameters.pausedArticulation : parameters.articulationMin;
}

/** Whether the latest utterance is words beyond doubt, as behind a "mm-hm", whatever came before it. */
function isClear({ latestVoicedShare, latestArticulation }: CallerOverlap, parameters: BargeInParameters): boolean {
  const hasConsonants = latestVoicedShare <= parameters.consonantShareMax;
  const hasVoice = latestVoicedShare >= parameters.voicedShareMin;
  return hasVoice && hasConsonants && latestArticulation >= parameters.longArticulation;
}

/** Whether the caller pauses and speaks on, as in words. */
export function hasPauses(
  { voicedMs, sinceOnsetMs, sinceVoiceMs }: Pick<CallerOverlap, 'voicedMs' | 'sinceOnsetMs' | 'sinceVoiceMs'>,
  { pausesMs }: BargeInParameters,
): boolean {
  return sinceOnsetMs - sinceVoiceMs - voicedMs >= pausesMs;
}

/** The same of a word that is over. */
function articulationOfWord({ voicedMs }: CallerOverlap, parameters: BargeInParameters): number {
  return voicedMs >= parameters.longMs ? parameters.longArticulation : parameters.wordArticulation;
}
