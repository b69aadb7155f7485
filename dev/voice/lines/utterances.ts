import type { VoiceRecording } from '../material/voices.ts';
import { atLevel, speechSpan } from '../sounds/level.ts';
import { between, type NextFraction, samplesOf, telephoneBand } from '../sounds/signal.ts';
import { decoded } from '../sounds/talkers.ts';

/** The pause before each utterance, in seconds: longer than any hangover. */
const pauseSeconds = [1.2, 2.5] as const;

/** Recordings that are spoken one after the other, each after a pause. */
export interface Utterances {
  /** Each with the sample at which it begins. */
  readonly speeches: readonly { readonly at: number; readonly speech: Float64Array }[];
  /** When somebody speaks, in ms. */
  readonly spans: readonly { readonly onsetMs: number; readonly endMs: number }[];
  /** The sample at which the last of them ends. */
  readonly end: number;
}

/** Lays out recordings of a caller who speaks so loud, in dBFS active level. */
export function layUtterances(clips: readonly VoiceRecording[], levelDbfs: number, draw: NextFraction): Utterances {
  let end = 0;
  const speeches = clips.map(({ mulaw }) => {
    const speech = atLevel(telephoneBand(decoded(mulaw)), levelDbfs);
    const at = end + samplesOf(between(draw, ...pauseSeconds));
    end = at + speech.length;
    return { at, speech };
  });
  const spans = speeches.map(({ at, speech }) => {
    const span = speechSpan(speech);
    return { onsetMs: (at + span.onset) / 8, endMs: (at + span.end) / 8 };
  });
  return { speeches, spans, end };
}
