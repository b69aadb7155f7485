/**
 * How a voice is told from everything else on a line. Each 20 ms frame gets points for how much it is like a voice, and the points are
 * summed up until they are enough or gone. They are chosen on the recordings of `fixtures/audio/voices/tuned`.
 */
export interface VoiceSettings {
  /** Points that are taken from what the network says of each frame: so much more likely than not it must be a voice. */
  readonly doubtPoints: number;
  /** The least and the most points of one frame. */
  readonly pointsMin: number;
  readonly pointsMax: number;
  /** So many points are an onset. */
  readonly onsetPoints: number;
  /** Points of a tone of the line or of a key. */
  readonly tonePoints: number;
  /** So long after the last frame that got points, a voice has ended, in ms. */
  readonly hangoverMs: number;
  /** What is softer than the caller's loud syllables by more than this is somebody else, in dB. */
  readonly talkerRangeDb: number;
  /** How fast the level of the caller is forgotten, in dB a second. */
  readonly talkerFallDbPerSecond: number;
}

/** What gives the most onsets in time beside noise 10 dB softer, with next to none in steady noise and tones of the line. */
export const usualVoiceSettings: VoiceSettings = {
  doubtPoints: 1.75,
  pointsMin: -4,
  pointsMax: 4,
  onsetPoints: 3.5,
  tonePoints: -0.5,
  hangoverMs: 300,
  talkerRangeDb: 10,
  talkerFallDbPerSecond: 0.5,
};
