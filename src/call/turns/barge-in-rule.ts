import type { VoiceHearing } from '../../audio/voice/voice-hearing.ts';

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
  /** What has a pitch in less of its sound than this is no voice, 0 to 1, and so is what repeats itself less than this, 0 to 1. */
  readonly voicedShareMin: number;
  readonly periodicityMin: number;
  /** Words move the spectrum at least so much, see `VoiceHearing.articulation`; a word that is over, at least `wordArticulation`. */
  readonly articulationMin: number;
  readonly wordArticulation: number;
  /** How much and how fast they move it, `articulation` and `changeDb`, is at least so much in sum. */
  readonly movementMin: number;
  /** From so much voice on, in ms, less is enough: of the pitch, because coughs are over by then, and of what moves in words with pauses. */
  readonly sureMs: number;
  readonly sureVoicedShare: number;
  readonly pausedArticulation: number;
  readonly pausedMovement: number;
  /** What was no voice for so long in all, up to the last of it, has pauses, in ms. */
  readonly pausesMs: number;
  /** Long words have slow sounds as well: from so much voice on, in ms, this is enough of how they move. */
  readonly longMs: number;
  readonly longMovement: number;
  /** What is so long and is over, or comes behind a hum, is words only where it moves at least so much. */
  readonly longArticulation: number;
  /** Words have consonants, without a pitch: where the share with a pitch is no more, there are some. */
  readonly consonantShareMax: number;
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
  holdMs: 120,
  holdDb: 12,
  yieldMs: 140,
  joinMs: 1_200,
  voicedShareMin: 0.75,
  periodicityMin: 0.56,
  articulationMin: 0.46,
  wordArticulation: 0.3,
  movementMin: 2.8,
  sureMs: 280,
  sureVoicedShare: 0.7,
  pausedArticulation: 0.2,
  pausedMovement: 2.6,
  pausesMs: 80,
  longMs: 500,
  longMovement: 2,
  longArticulation: 0.8,
  consonantShareMax: 0.97,
  wordMs: 100,
  waitMs: 600,
  earlierMs: 1_500,
  falseHoldsMax: 3,
  falseHoldsMs: 10_000,
  waryMs: 140,
};

/** What a voice sounds like; see `VoiceHearing`. */
export type VoiceFigures = Pick<VoiceHearing, 'voicedShare' | 'periodicity' | 'articulation' | 'changeDb'>;

/** What is known of a caller who speaks, or has spoken, while the agent is heard, and what all of that sounds like. */
export interface CallerOverlap extends VoiceFigures {
  /** How much of the caller's voice lay over the agent's, in ms, and how much of that is of the latest utterance. */
  readonly voicedMs: number;
  readonly latestMs: number;
  readonly isSpeaking: boolean;
  /** How long ago the voice was noticed over the agent's, and how long ago the last of it was, in ms. */
  readonly sinceOnsetMs: number;
  readonly sinceVoiceMs: number;
  /** Since when the caller was found to have stopped, in ms; 0 while the caller speaks. */
  readonly sinceOffsetMs: number;
  /** What the latest utterance alone sounds like. */
  readonly latest: VoiceFigures;
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
  const isWords = isVoice(overlap, parameters) && movesLikeWords(overlap, parameters);
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
function isVoice(overlap: CallerOverlap, parameters: BargeInParameters): boolean {
  return overlap.latestMs < parameters.sureMs
    ? hasPitch(overlap, parameters)
    : overlap.voicedShare >= parameters.sureVoicedShare;
}

function hasPitch({ voicedShare, periodicity }: VoiceFigures, parameters: BargeInParameters): boolean {
  return voicedShare >= parameters.voicedShareMin && periodicity >= parameters.periodicityMin;
}

/** A mouth moves with each sound of a word, and soon moves on. What is hummed, or played, moves little, or slowly, and seldom pauses. */
function movesLikeWords(overlap: CallerOverlap, parameters: BargeInParameters): boolean {
  const { voicedMs, articulation } = overlap;
  const movement = movementOf(overlap);
  const enough = voicedMs >= parameters.longMs ? parameters.longMovement : parameters.movementMin;
  if (articulation >= parameters.articulationMin && movement >= enough) return true;
  const pauses = voicedMs >= parameters.sureMs && hasPauses(overlap, parameters);
  return pauses && articulation >= parameters.pausedArticulation && movement >= parameters.pausedMovement;
}

/** Whether the latest utterance is words beyond doubt, as behind a "mm-hm", whatever came before it. */
function isClear({ latest }: CallerOverlap, parameters: BargeInParameters): boolean {
  const hasConsonants = latest.voicedShare <= parameters.consonantShareMax;
  const moves = latest.articulation >= parameters.longArticulation && movementOf(latest) >= parameters.movementMin;
  return hasPitch(latest, parameters) && hasConsonants && moves;
}

/** How much and how fast the spectrum moves. */
function movementOf({ articulation, changeDb }: VoiceFigures): number {
  return articulation + changeDb;
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
