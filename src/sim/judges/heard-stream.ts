import type { CoverSounds } from '../../audio/audio-path.ts';
import type { StreamReport } from '../carrier/stream/media-stream.ts';
import { isVoiced } from '../carrier/verbs/voiced.ts';

const bytesPerMs = 8;

/** The line runs in frames of 20 ms, and so does what is heard of it. */
export const soundFrameMs = 20;
const frameBytes = soundFrameMs * bytesPerMs;

/**
 * Mu-law codes that nobody else sends. They are too soft to be a voice, so the simulated caller does not take a covering sound for an
 * answer, which a person would not do either.
 */
const toneCode = 0xe5;
const lineCode = 0xea;

/** What the caller hears in a frame: the agent's words, a covering tone or line, or nothing. */
export type Heard = 'words' | 'tone' | 'line' | 'nothing';

/** A stretch of time in ms of the world's clock, its end excluded. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Covering sounds as long as the given ones, in which each byte tells what it belongs to. */
export function markedCoverSounds({ tone, line }: CoverSounds): CoverSounds {
  return {
    tone: new Uint8Array(tone.length).fill(toneCode),
    line: new Uint8Array(line.length).fill(lineCode),
  };
}

/** What the caller of one stream heard and said, frame by frame, from the sound that the phone network played and sent. */
export interface HeardStream extends Span {
  readonly heard: readonly Heard[];
  readonly speaks: readonly boolean[];
}

/** Listens to a stream with marked covering sounds. */
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
  return audio.includes(lineCode) ? 'line' : 'nothing';
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
