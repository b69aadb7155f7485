import type { LogSource } from '../../../src/calllog/timeline/build-timeline.ts';

/** A log that is in memory. */
export function logInMemory(text: string, audio: Uint8Array): LogSource {
  const lines = text.split('\n');
  const isWhole = lines.pop() === '';
  return { lines, isWhole: () => isWhole, audio };
}
