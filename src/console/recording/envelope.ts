import type { CallSound, RecordedTimeline } from '../../calllog/timeline/recorded-timeline.ts';
import type { PastCallDetail } from '../history/history-answer.ts';

/** What a page is told of a call before its recording. */
export interface CallHead {
  /** What the journal knows; null when that is nothing. */
  readonly known: PastCallDetail | null;
  /** Why there is no recording to show, in words; null when there is one. */
  readonly noRecording: string | null;
  /** Which of the call's logs this is, and how many there are: each process that had the call wrote one. */
  readonly part: {
    readonly number: number;
    readonly count: number;
    /** The instance that has recorded it; null where only this process does. */
    readonly by: string | null;
  };
}

/**
 * A call in one answer, so that its log is read once: five lengths of four bytes each (little-endian), the head and the timeline as JSON, and
 * behind them the lanes of sound, which may come later than the page wants to be drawn. What is not there has no length.
 */
export function envelope(
  head: CallHead,
  recording: readonly Uint8Array<ArrayBuffer>[],
): readonly Uint8Array<ArrayBuffer>[] {
  const pieces = [new TextEncoder().encode(JSON.stringify(head)), ...recording];
  const lengths = new DataView(new ArrayBuffer(4 * piecesInAll));
  for (const [at, { length }] of pieces.entries()) lengths.setUint32(4 * at, length, true);
  return [new Uint8Array(lengths.buffer), ...pieces];
}

const piecesInAll = 5;

/** The parts of a recording behind the head, in order. */
export function recordingPieces(call: {
  readonly timeline: RecordedTimeline;
  readonly sound: CallSound;
}): Uint8Array<ArrayBuffer>[] {
  const { caller, heard, cleared } = call.sound;
  const lanes = [caller, heard, cleared].map((lane) => new Uint8Array(lane));
  return [new TextEncoder().encode(JSON.stringify(call.timeline)), ...lanes];
}
