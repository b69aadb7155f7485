/** What was found out with a frame. */
export type VoiceNews = 'onset' | 'offset' | null;

/** Hears on one line when somebody begins and stops to speak: a function of the frames alone. */
export interface VoiceHearing {
  /** Whether somebody speaks, short pauses included. */
  readonly isSpeaking: boolean;
  /** Takes the next 20 ms of the caller in 8 kHz mu-law, and what was played to the caller in that time; empty where nothing was. */
  push(caller: Uint8Array, played: Uint8Array): VoiceNews;
}
