/** What was found out with a frame. */
export type VoiceNews = 'onset' | 'offset' | null;

/** Hears on one line when somebody begins and stops to speak: a function of the frames alone. */
export interface VoiceHearing {
  /** Whether somebody speaks, short pauses included. */
  readonly isSpeaking: boolean;
  /** How much of the present or the last utterance was voice, from its first frame on, in ms: pauses and hisses are not. */
  readonly voicedMs: number;
  /** How much of its sound, pauses left out, has a pitch: 0 to 1. Voices are above 0.8, coughs mostly below. */
  readonly voicedShare: number;
  /**
   * How much its spectrum moves: the mean variance of its bands in dB², for each dB by which it is over the noise of the line. It is near 1 in
   * words, below 0.4 in most hums, and below 0.1 in the first second of music and in steady noise. In hundredths.
   */
  readonly articulation: number;
  /** How fast its spectrum moves: how much each of its bands changes from one 20 ms of its sound to the next, on average, in dB. In hundredths. */
  readonly changeDb: number;
  /** How well its sound repeats itself at a pitch, on average, 0 to 1: some 0.7 in words, and below 0.55 in most coughs. In hundredths. */
  readonly periodicity: number;
  /** Whether that utterance, as far as it was heard, is no more than a hum by its sound, such as "mm-hm". */
  readonly isHumLike: boolean;
  /** Takes the next 20 ms of the caller in 8 kHz mu-law, and what was played to the caller in that time; empty where nothing was. */
  push(caller: Uint8Array, played: Uint8Array): VoiceNews;
}
