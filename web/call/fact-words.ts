import type { RecordedTimeline } from '../../src/calllog/timeline/recorded-timeline.ts';
import type { PastCall } from '../../src/store/history/call-history.ts';
import { outcomeText } from '../../src/store/history/outcome-words.ts';
import { waitTime } from '../shared/formats.ts';

/** How a call ended: by its recording, or as the journal knows where that breaks off before the end. */
export function outcomeWords(endReason: string | null, known: Pick<PastCall, 'outcome'> | null): string {
  if (endReason !== null) return outcomeText(endReason);
  return known === null ? 'unknown' : outcomeText(known.outcome);
}

/** How much of the agent's speech the caller heard, and how much was cleared before. */
export function speechWords({ heard, cleared }: RecordedTimeline['agentMs']): string {
  const parts = [
    ...(heard === 0 ? [] : [`${waitTime(heard)} heard`]),
    ...(cleared === 0 ? [] : [`${waitTime(cleared)} cleared`]),
  ];
  return parts.join(', ') || 'none';
}
