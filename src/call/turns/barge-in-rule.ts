/** How the agent yields to a caller who speaks over it. All of it is measured in the sound of the caller, not by the clock. */
export interface BargeInParameters {
  /** After so much of the caller's voice over the agent's the agent is softer, in ms. */
  readonly holdMs: number;
  /** How much softer, in dB. */
  readonly holdDb: number;
  /** So much voice is an interruption, in ms. */
  readonly yieldMs: number;
  /** So is less of it, `pieceMs`, of a caller who began so long before and is no longer silent than `gapMs`: words have gaps, and lines too. */
  readonly lastsMs: number;
  readonly pieceMs: number;
  readonly gapMs: number;
  /** What has a pitch in less of its sound than this is no voice, 0 to 1. */
  readonly voicedShareMin: number;
  /** Words move the spectrum at least so much, see `VoiceHearing.articulation`; a word that is over, at least `wordArticulation`. */
  readonly articulationMin: number;
  readonly wordArticulation: number;
  /** From so much voice on, in ms, less is enough: all that was heard tells more than its first syllable. */
  readonly sureMs: number;
  readonly sureArticulation: number;
  /** What has so much voice without having been words is a hum or music, in ms. Only what moves more than `longArticulation` is words then. */
  readonly longMs: number;
  readonly longArticulation: number;
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
  yieldMs: 220,
  lastsMs: 400,
  pieceMs: 180,
  gapMs: 60,
  voicedShareMin: 0.8,
  articulationMin: 0.5,
  wordArticulation: 0.3,
  sureMs: 400,
  sureArticulation: 0.4,
  longMs: 600,
  longArticulation: 0.8,
  wordMs: 100,
  waitMs: 600,
  earlierMs: 1_500,
  falseHoldsMax: 3,
  falseHoldsMs: 10_000,
  waryMs: 140,
};

/** What is known of a caller who speaks, or has spoken, while the agent is heard. */
export interface CallerOverlap {
  /** How much of the caller's voice lay over the agent's, in ms. */
  readonly voicedMs: number;
  readonly isSpeaking: boolean;
  /** How long ago the voice was noticed over the agent's, and how long ago the last of it was, in ms. */
  readonly sinceOnsetMs: number;
  readonly sinceVoiceMs: number;
  /** Since when the caller was found to have stopped, in ms; 0 while the caller speaks. */
  readonly sinceOffsetMs: number;
  /** How much of what was heard has a pitch, 0 to 1, and how much its spectrum moves. */
  readonly voicedShare: number;
  readonly articulation: number;
  /** Whether the caller spoke long before the agent began. */
  readonly isEarlier: boolean;
  /** How often the agent stepped back for nothing, lately. */
  readonly falseHolds: number;
}

/** `wait`: nothing is known yet. `hold`: the agent steps back. `goOn`: it was nothing. `yield`: the agent stops. */
export interface BargeInVerdict {
  readonly what: 'wait' | 'hold' | 'goOn' | 'yield';
  /** `speech`: there was enough of it. `word`: a short one, after which the caller waits. `hum` and `noise`: it was no more than that. */
  readonly why: 'voice' | 'speech' | 'word' | 'hum' | 'noise';
}

/** Judges a caller's voice over the agent's. */
export function judgeOverlap(overlap: CallerOverlap, parameters: BargeInParameters): BargeInVerdict {
  const { voicedMs, isSpeaking, sinceOffsetMs } = overlap;
  const waryMs = overlap.falseHolds >= parameters.falseHoldsMax ? parameters.waryMs : 0;
  if (isEnough(overlap, parameters, waryMs)) return { what: 'yield', why: 'speech' };
  const isHeld = voicedMs >= parameters.holdMs + waryMs && !overlap.isEarlier;
  if (isSpeaking) return { what: isHeld ? 'hold' : 'wait', why: 'voice' };
  if (voicedMs < parameters.wordMs || overlap.isEarlier || !isVoice(overlap, parameters))
    return { what: 'goOn', why: 'noise' };
  if (!moves(overlap, parameters, parameters.wordArticulation)) return { what: 'goOn', why: 'hum' };
  return sinceOffsetMs < parameters.waitMs
    ? { what: isHeld ? 'hold' : 'wait', why: 'voice' }
    : { what: 'yield', why: 'word' };
}

function isEnough(overlap: CallerOverlap, parameters: BargeInParameters, waryMs: number): boolean {
  const { voicedMs, sinceOnsetMs, sinceVoiceMs } = overlap;
  if (!isVoice(overlap, parameters) || !moves(overlap, parameters, parameters.articulationMin)) return false;
  if (overlap.isEarlier) return voicedMs >= parameters.earlierMs + waryMs;
  const isOn = sinceVoiceMs <= parameters.gapMs && sinceOnsetMs >= parameters.lastsMs + waryMs;
  return (isOn && voicedMs >= parameters.pieceMs) || voicedMs >= parameters.yieldMs + waryMs;
}

/** Coughs, knocks and hisses have a pitch now and then. */
function isVoice({ voicedShare }: CallerOverlap, { voicedShareMin }: BargeInParameters): boolean {
  return voicedShare >= voicedShareMin;
}

/** A mouth moves with each sound of a word. What is hummed, or played, moves little, or slowly. */
function moves({ voicedMs, articulation }: CallerOverlap, parameters: BargeInParameters, firstMin: number): boolean {
  if (voicedMs >= parameters.longMs) return articulation >= parameters.longArticulation;
  return articulation >= (voicedMs < parameters.sureMs ? firstMin : Math.min(firstMin, parameters.sureArticulation));
}
