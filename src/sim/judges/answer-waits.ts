import { soundFrameMs, type Span, spansOf, type HeardStream } from './heard-stream.ts';
import { callerTurns } from './silence-judge.ts';

/** What the caller waited for one answer. */
export interface Wait extends Span {
  /** Time without the agent's words, up to the end of the answer. `fromMs`: the caller has finished; `toMs`: the answer has. */
  readonly silentMs: number;
}

/** Everything that the caller said, stream by stream. */
export function saidSpans(streams: readonly HeardStream[]): Span[] {
  return streams.flatMap(callerTurns);
}

/** Every stretch of the agent's words. */
export function wordSpans(streams: readonly HeardStream[]): Span[] {
  return streams.flatMap(({ fromMs, heard }) =>
    spansOf(
      fromMs,
      heard.map((sound) => sound === 'words'),
      soundFrameMs,
    ),
  );
}

/** What the caller waited for the greeting, and for each answer. What nobody answered counts to the next wait. */
export function waitsOf(streams: readonly HeardStream[]): Wait[] {
  const words = wordSpans(streams);
  const said = saidSpans(streams);
  const starts = [streams[0]?.fromMs ?? 0, ...said.map(({ toMs }) => toMs)];
  const ends = [...said.map(({ fromMs }) => fromMs), Infinity];
  let isOpen: number | null = null;
  return starts.flatMap((startMs, index) => {
    const endMs = ends[index] ?? Infinity;
    const heard = words.filter((span) => span.fromMs < endMs && span.toMs > startMs);
    const last = heard.at(-1);
    const fromMs: number = isOpen ?? startMs;
    isOpen = last === undefined ? fromMs : null;
    if (last === undefined) return [];
    const spokenMs = heard.reduce((sum, span) => sum + Math.min(span.toMs, endMs) - Math.max(span.fromMs, fromMs), 0);
    const toMs = Math.min(last.toMs, endMs);
    return [{ fromMs, toMs, silentMs: toMs - fromMs - spokenMs }];
  });
}

/** How much longer the caller waited for an answer than without the fault: the answer for which that was worst. */
export function extraWaitMs(waits: readonly Wait[], without: readonly Wait[]): number {
  return Math.max(0, ...waits.map(({ silentMs }, index) => silentMs - (without[index]?.silentMs ?? silentMs)));
}
