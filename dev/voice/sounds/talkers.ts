import type { VoiceRecording } from '../material/voices.ts';
import { codec } from '../../audio/codec.ts';
import { atLevel } from './level.ts';
import { addAt, between, type NextFraction, samplesOf, telephoneBand } from './signal.ts';

/** The speech of talkers, all at one level: each recording is said many times. */
const spoken = new WeakMap<VoiceRecording, Float64Array>();

/** A recording as samples. */
export function decoded(mulaw: Uint8Array): Float64Array {
  return new Float64Array(mulaw).map((code) => codec.decode[code] ?? 0);
}

/** One person who goes on talking: clips in any order, with pauses of so many seconds. */
export function talker(
  seconds: number,
  draw: NextFraction,
  clips: readonly VoiceRecording[],
  pauseSeconds: readonly [number, number],
): Float64Array {
  const sound = new Float64Array(samplesOf(seconds));
  for (let at = samplesOf(between(draw, 0, pauseSeconds[1])); at < sound.length;) {
    const clip = clips[Math.floor(draw() * clips.length)];
    if (clip === undefined) break;
    const speech = speechOf(clip);
    addAt(sound, at, speech);
    at += speech.length + samplesOf(between(draw, ...pauseSeconds));
  }
  return sound;
}

function speechOf(recording: VoiceRecording): Float64Array {
  const known = spoken.get(recording);
  if (known !== undefined) return known;
  const speech = atLevel(decoded(recording.mulaw), -20);
  spoken.set(recording, speech);
  return speech;
}

/** So many people who talk at once, each as loud as the others within 3 dB. */
export function babble(
  seconds: number,
  draw: NextFraction,
  clips: readonly VoiceRecording[],
  talkers: number,
): Float64Array {
  const sound = new Float64Array(samplesOf(seconds));
  for (let one = 0; one < talkers; one++)
    addAt(sound, 0, talker(seconds, draw, clips, [0.1, 1]), between(draw, 0.7, 1));
  return telephoneBand(sound);
}
