import type { Activity } from './activity.ts';
import { voiceAt } from './activity.ts';
import type { CallLine } from './call-line.ts';
import type { CarrierEffect } from './carrier-events.ts';
import { noted } from './carrier-events.ts';
import type { CarrierStream } from './stream/media-stream.ts';
import { frameMs } from './stream/media-stream.ts';

/** The 20 ms of the line that end at `atMs`: what comes of them, and whether the caller hangs up. */
export function runFrame(
  line: CallLine,
  activity: Activity,
  stream: CarrierStream | null,
  atMs: number,
): { readonly effects: readonly CarrierEffect[]; readonly hangsUp: boolean } {
  const effects: CarrierEffect[] = [];
  const { audio, digit, hangsUp, gaveUpStep } = line.takeFrame(voiceAt(activity, atMs), () => stream?.takePlayed(atMs));
  if (stream !== null) effects.push(...stream.speak(audio, atMs));
  if (activity.type === 'recording') activity.recording.hear(audio, frameMs, atMs);
  if (activity.type === 'gathering') activity.gathering.hear(audio, atMs);
  if (gaveUpStep !== null) effects.push(noted({ atMs, kind: 'caller.gaveUpWaiting', step: gaveUpStep }));
  if (digit !== null) {
    effects.push(noted({ atMs, kind: 'caller.pressed', digit }));
    if (stream !== null) effects.push(stream.press(digit));
    if (activity.type === 'recording') activity.recording.press(digit, atMs);
    if (activity.type === 'gathering') activity.gathering.press(digit, atMs);
  }
  return { effects, hangsUp };
}
