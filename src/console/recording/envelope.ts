import type { CallSound, RecordedTimeline } from '../../calllog/timeline/recorded-timeline.ts';

/**
 * The data of a call's page in one answer, so that it is made once: four lengths of four bytes each (little-endian), the timeline as JSON,
 * and behind it the lanes of sound, which may come later than the page wants to be drawn.
 */
export function envelope({
  timeline,
  sound,
}: {
  readonly timeline: RecordedTimeline;
  readonly sound: CallSound;
}): Uint8Array<ArrayBuffer>[] {
  const pieces = [new TextEncoder().encode(JSON.stringify(timeline)), sound.caller, sound.heard, sound.cleared];
  const lengths = new DataView(new ArrayBuffer(4 * pieces.length));
  for (const [at, { length }] of pieces.entries()) lengths.setUint32(4 * at, length, true);
  return [new Uint8Array(lengths.buffer), ...pieces.map((piece) => new Uint8Array(piece))];
}
