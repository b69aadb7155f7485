import type { CallFigures, JournaledCall, JournaledEntry, WaitFigures } from '../journal-entry.ts';
import { lostReason } from '../journal-store.ts';
import { instanceOf } from '../../system/process-name.ts';
import type { PastCall } from './call-history.ts';

/** Words of a call that can be searched: about an hour of talk. */
const wordsCharsMax = 50_000;

/** What is said of a call that ended before the reason was kept, or whose process could not keep it. */
const reasonWords: ReadonlyMap<string, string> = new Map([
  [lostReason, 'The process that had the call ended, and no other process went on with it.'],
  ['callerHungUp', 'The caller hung up.'],
  ['agentHungUp', 'The agent said goodbye and hung up.'],
  ['transferred', 'The caller was connected with a person.'],
  ['apologised', 'The agent could not go on, so the caller heard the apology. What was wrong was not kept.'],
  ['leftVoicemail', 'The agent could not go on, so the caller left a message. What was wrong was not kept.'],
  ['crashed', 'Parley itself failed, so the caller heard the apology.'],
]);

/** What is known of a call in short, from everything that is kept of it. */
export function pastCallOf({ callSid, startedAtMs, process, ended, entries }: JournaledCall): PastCall {
  const accepted = lastOf(entries, 'accepted');
  const agent = lastOf(entries, 'agent');
  const outcome = lastOf(entries, 'outcome');
  // A call that is lost has had no outcome since its last process began with it, whatever an earlier one wrote.
  const isTold = ended !== null && ended.reason !== lostReason && outcome !== null;
  return {
    callSid,
    from: accepted?.from ?? null,
    to: accepted?.to ?? null,
    agent: agent?.name ?? null,
    source: agent?.source ?? 'phone',
    instance: instanceOf(process),
    startedAtMs,
    endedAtMs: ended?.atMs ?? null,
    outcome: ended?.reason ?? null,
    why: ended === null ? null : isTold ? outcome.why : unexplained(ended.reason),
    faults: isTold ? outcome.faults : [],
    ...figuresOf(entries),
  };
}

/** What was said on a call, for the search: in small letters, a line for each. */
export function searchWords({ entries }: JournaledCall): string {
  const lines = entries.flatMap((entry) => (entry.kind === 'said' ? [searchable(entry.text)] : []));
  return lines.join('\n').slice(0, wordsCharsMax);
}

/** A text as it is searched and found: in small letters, with single spaces. */
export function searchable(text: string): string {
  return text.toLowerCase().replaceAll(/\s+/g, ' ').trim();
}

/** What is said of an end for which no reason was kept. */
export function unexplained(reason: string): string {
  return reasonWords.get(reason) ?? 'Why it ended was not kept.';
}

/** Each process that had the call knows what it spent, and no more. */
function figuresOf(entries: readonly JournaledEntry[]): CallFigures {
  const lastOfFence = new Map<number, CallFigures>();
  for (const entry of entries) if (entry.kind === 'figures') lastOfFence.set(entry.fence, entry);
  const all = [...lastOfFence.values()];
  const costs = all.flatMap(({ costUsd, tokens }) => (costUsd === null && tokens === 0 ? [] : [costUsd]));
  return {
    costUsd:
      costs.length === 0 || costs.includes(null) ? null : costs.reduce((sum: number, cost) => sum + (cost ?? 0), 0),
    tokens: all.reduce((sum, { tokens }) => sum + tokens, 0),
    waits: waitsOf(all.flatMap(({ waits }) => (waits === null ? [] : [waits]))),
  };
}

/** Of several parts of a call. The median is that of the part with the most answers. */
function waitsOf(parts: readonly WaitFigures[]): WaitFigures | null {
  const [most] = parts.toSorted((a, b) => b.count - a.count);
  if (most === undefined) return null;
  return {
    count: parts.reduce((sum, { count }) => sum + count, 0),
    medianMs: most.medianMs,
    maxMs: Math.max(...parts.map(({ maxMs }) => maxMs)),
  };
}

function lastOf<Kind extends JournaledEntry['kind']>(
  entries: readonly JournaledEntry[],
  kind: Kind,
): Extract<JournaledEntry, { kind: Kind }> | null {
  return entries.findLast((entry): entry is Extract<JournaledEntry, { kind: Kind }> => entry.kind === kind) ?? null;
}
