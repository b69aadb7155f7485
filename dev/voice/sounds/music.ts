import { addAt, burst, type NextFraction, note, samplesOf } from './signal.ts';

/** What makes a piece of synthetic music sound like this one. */
export interface Style {
  readonly beatsPerMinute: number;
  /** The strengths of the harmonics of its instrument, the ground tone first. */
  readonly shares: readonly number[];
  readonly riseMs: number;
  readonly fallMs: number;
  /** How many tones sound at a time. */
  readonly voices: number;
  readonly drums: boolean;
  /** Steps of its scale above the ground tone, in semitones. */
  readonly scale: readonly number[];
  readonly groundHz: number;
}

/** Synthetic music: a melody over chords in the rhythm of its beats. */
export function music(seconds: number, draw: NextFraction, style: Style): Float64Array {
  const sound = new Float64Array(samplesOf(seconds));
  const beatMs = 60_000 / style.beatsPerMinute;
  const toneHz = (step: number): number => {
    const { length } = style.scale;
    const semitones = (style.scale[step % length] ?? 0) + 12 * Math.floor(step / length);
    return style.groundHz * 2 ** (semitones / 12);
  };
  for (let beat = 0; (beat * beatMs) / 1000 < seconds; beat++) {
    const at = samplesOf((beat * beatMs) / 1000);
    const root = Math.floor(beat / 4) % style.scale.length;
    if (beat % 4 === 0)
      for (let voice = 0; voice < style.voices; voice++)
        addAt(sound, at, note(toneHz(root + 2 * voice), 4 * beatMs, style.shares, style.riseMs, 3 * style.fallMs), 0.4);
    for (const half of draw() < 0.4 ? [0, 0.5] : [0])
      addAt(
        sound,
        at + samplesOf((half * beatMs) / 1000),
        note(toneHz(root + Math.floor(10 * draw())), beatMs, style.shares, style.riseMs, style.fallMs),
      );
    if (style.drums) addAt(sound, at, burst(draw, beat % 2 === 0 ? 400 : 2200, 0.7, 200, 30), 1.5);
  }
  return sound;
}
