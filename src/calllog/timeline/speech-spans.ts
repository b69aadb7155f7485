import { meanSquare, pauseMeanSquareMax, speechMeanSquareMin } from '../../audio/level.ts';
import { mulawBytesPerMs, type MulawCodec } from '../../audio/mulaw.ts';
import type { TimeSpan } from './recorded-timeline.ts';

const frameMs = 20;

/** A shorter pause belongs to the words around it. */
const pauseMsMin = 300;

/** When a lane of sound is loud enough to be understood. Speech begins loud, and the soft ends of words belong to it. */
export function speechSpans(sound: Uint8Array, codec: MulawCodec, spansMax: number): TimeSpan[] {
  const spans: { fromMs: number; toMs: number }[] = [];
  const frameBytes = frameMs * mulawBytesPerMs;
  let isSpeaking = false;
  for (let at = 0; at < sound.length; at += frameBytes) {
    const level = meanSquare(sound.subarray(at, at + frameBytes), codec);
    isSpeaking = level >= (isSpeaking ? pauseMeanSquareMax : speechMeanSquareMin);
    if (!isSpeaking) continue;
    const fromMs = at / mulawBytesPerMs;
    const last = spans.at(-1);
    if (last !== undefined && fromMs - last.toMs < pauseMsMin) last.toMs = fromMs + frameMs;
    else if (spans.length < spansMax) spans.push({ fromMs, toMs: fromMs + frameMs });
  }
  return spans;
}
