import type { ComfortSounds } from '../../audio/audio-path.ts';
import type { StreamReport } from '../carrier/stream/media-stream.ts';
import { isVoiced } from '../carrier/verbs/voiced.ts';

const bytesPerMs = 8;

/** The line runs in frames of 20 ms, and so does what is heard of it. */
export const soundFrameMs = 20;
const frameBytes = soundFrameMs * bytesPerMs;

/**
 * Mu-law codes that nobody else sends. They are too soft to be a voice, so the simulated caller does not take a comfort sound for an
 * answer, which a person would not do either.
 */
const toneCode = 0xe5;
const phraseCode = 0xea;

/** What the caller hears in a frame: the agent's words, a comfort tone or filler phrase, or nothing. */
export type Heard = 'words' | 'tone' | 'phrase' | 'nothing';

/** A stretch of time in ms of the world's clock, its end excluded. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Comfort sounds as long as the given ones, in which each byte tells what it belongs to. */
export function markedComfortSounds({ tone, phrase }: ComfortSounds): ComfortSounds {
  return {
    tone: new Uint8Array(tone.length).fill(toneCode),
    phrase: new Uint8Array(phrase.length).fill(phraseCode),
  };
}

/** What the caller of one stream heard and said, frame by frame, from the sound that the phone network played and sent. */
export interface HeardStream extends Span {
  readonly heard: readonly Heard[];
  readonly speaks: readonly boolean[];
}

/** Listens to a stream with marked comfort sounds. */
export function listen({ startedAtMs, endedAtMs, heard, said }: StreamReport): HeardStream {
  const frames = Math.ceil((endedAtMs - startedAtMs) / soundFrameMs);
  return {
    fromMs: startedAtMs,
    toMs: endedAtMs,
    heard: Array.from({ length: frames }, (_, index) => kindOf(frame(heard, index))),
    speaks: Array.from({ length: frames }, (_, index) => isVoiced(frame(said, index))),
  };
}

function frame(sound: Uint8Array, index: number): Uint8Array {
  return sound.subarray(index * frameBytes, (index + 1) * frameBytes);
}

function kindOf(audio: Uint8Array): Heard {
  if (isVoiced(audio)) return 'words';
  if (audio.includes(toneCode)) return 'tone';
  return audio.includes(phraseCode) ? 'phrase' : 'nothing';
}

/** The stretches of a stream whose frames fit, those with shorter pauses joined. */
export function spansOf(fromMs: number, fits: readonly boolean[], pauseMs: number): Span[] {
  const spans: Span[] = [];
  fits.forEach((isFit, index) => {
    if (!isFit) return;
    const at = fromMs + index * soundFrameMs;
    const last = spans.at(-1);
    if (last !== undefined && at - last.toMs < pauseMs) {
      spans[spans.length - 1] = { fromMs: last.fromMs, toMs: at + soundFrameMs };
    } else spans.push({ fromMs: at, toMs: at + soundFrameMs });
  });
  return spans;
}
