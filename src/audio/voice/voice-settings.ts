/**
 * How a voice is told from everything else on a line. Each 20 ms frame gets points for how much it is like a voice, and the points are
 * summed up until they are enough or gone. They are chosen on the recordings of `fixtures/audio/voices/tuned`.
 */
export interface VoiceSettings {
  /** Points of a frame that is no louder than the noise and has no pitch. */
  readonly quietPoints: number;
  /** Points for each dB over the noise, up to `loudDb`. */
  readonly pointsPerDb: number;
  readonly loudDb: number;
  /** Points for a whole step of periodicity beyond 0.5. */
  readonly pitchPoints: number;
  /** Points that each dB by which the noise varies takes away, up to `spreadDbMax`. */
  readonly spreadPoints: number;
  readonly spreadDbMax: number;
  /** A frame whose periodicity is less has no pitch, and gets no more than `voicelessPoints`: coughs, knocks and hisses. */
  readonly pitchMin: number;
  readonly voicelessPoints: number;
  /** Points of a tone of the line or of a key. */
  readonly tonePoints: number;
  /** The least and the most points of one frame. */
  readonly pointsMin: number;
  readonly pointsMax: number;
  /** So many points are an onset. */
  readonly onsetPoints: number;
  /** So long after the last frame that got points, a voice has ended, in ms. */
  readonly hangoverMs: number;
  /** What is softer than the caller's loud syllables by more than this is somebody else, in dB. */
  readonly talkerRangeDb: number;
  /** How fast the level of the caller is forgotten, in dB a second. */
  readonly talkerFallDbPerSecond: number;
}

/** What gives the most onsets in time beside noise 10 dB softer, with next to none in steady noise and tones of the line. */
export const usualVoiceSettings: VoiceSettings = {
  quietPoints: -1.6,
  pointsPerDb: 0.865,
  loudDb: 9.5,
  pitchPoints: 2.23,
  spreadPoints: 1.93,
  spreadDbMax: 2.75,
  pitchMin: 0.32,
  voicelessPoints: 0.35,
  tonePoints: -0.4,
  pointsMin: -3.4,
  pointsMax: 1.58,
  onsetPoints: 2.63,
  hangoverMs: 300,
  talkerRangeDb: 12,
  talkerFallDbPerSecond: 0.5,
};
