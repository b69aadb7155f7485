import type { KillCaller } from './kill-caller.ts';
import { entriesOf, type JournalSnapshot } from './kill-journal.ts';
import { conversationsIn } from './conversation.ts';
import type { WatchedSession } from './kill-model.ts';
import type { LogLine } from './kill-process.ts';

/** What is older than this when a process dies must be in the journal. */
const lateMs = 1_000;

/** A line is logged and written down in one step, which a busy machine may interrupt. */
const stepMsMax = 250;

/** What is known of the process that was killed, up to its end. Times are of `performance.now()`. */
export interface Deceased {
  readonly killedMs: number;
  readonly lines: readonly LogLine[];
  /** Its model sessions that were open. */
  readonly sessions: readonly WatchedSession[];
  readonly callers: readonly KillCaller[];
}

/** What is older than a second and not in the journal: calls without a record, and lines, handles and tool answers. */
export function missingFrom(
  snapshot: JournalSnapshot,
  deceased: Deceased,
): { readonly calls: number; readonly lines: number } {
  const lateUntilMs = deceased.killedMs - lateMs;
  const calls = deceased.callers.filter(
    ({ acceptedMs, callSid }) => acceptedMs !== null && acceptedMs <= lateUntilMs && !snapshot.calls.has(callSid),
  );
  const said = deceased.lines.filter(
    ({ event, atMs }) => event === 'transcript' && atMs <= performance.timeOrigin + lateUntilMs,
  );
  const written = [...snapshot.entries.values()].map(({ entry }) => entry);
  const handles = new Set(written.map((entry) => (entry.kind === 'handle' ? entry.handle : null)));
  const answers = new Set(written.map((entry) => (entry.kind === 'toolAnswered' ? entry.id : null)));
  const given = deceased.sessions.flatMap((session) => session.handles);
  const answered = deceased.sessions.flatMap((session) => session.toolAnswers);
  const lines = [
    ...unwritten(said, snapshot),
    ...given.filter(({ atMs, handle }) => atMs <= lateUntilMs && !handles.has(handle)),
    ...answered.filter(({ atMs, id }) => atMs <= lateUntilMs && !answers.has(id)),
  ];
  return { calls: calls.length, lines: lines.length };
}

/** The lines of the log that the journal does not hold. Their words are not in the log, but when and of whom they are. */
function unwritten(said: readonly LogLine[], snapshot: JournalSnapshot): LogLine[] {
  const callSids = new Set(said.map(({ callSid }) => callSid));
  return [...callSids].flatMap((callSid) => {
    const entries = entriesOf(snapshot, callSid).filter(({ entry }) => entry.kind === 'said');
    return said.filter((line) => {
      if (line.callSid !== callSid) return false;
      const found = entries.findIndex(
        ({ entry, atMs }) =>
          entry.kind === 'said' && entry.speaker === line.speaker && Math.abs(atMs - line.atMs) <= stepMsMax,
      );
      if (found >= 0) entries.splice(found, 1);
      return found < 0;
    });
  });
}

/** What the journal knows of a call. */
export interface CallStory {
  /** Whether anything was said. A caller who has not heard a word yet is greeted. */
  readonly hasBegun: boolean;
  /** The conversations that the call has led. */
  readonly all: readonly number[];
  /** The one whose order the caller has told; null while none is known. */
  readonly told: number | null;
}

/** Reads the story of one call. */
export function storyOf(snapshot: JournalSnapshot, callSid: string): CallStory {
  const said = entriesOf(snapshot, callSid).flatMap(({ entry }) => (entry.kind === 'said' ? [entry] : []));
  const told = said.filter(({ speaker }) => speaker === 'caller').flatMap(({ text }) => conversationsIn(text));
  return {
    hasBegun: said.length > 0,
    all: said.flatMap(({ text }) => conversationsIn(text)),
    told: told.at(0) ?? null,
  };
}

/** How a call goes on after its process was killed; `open` while that is not known yet. */
export type Continuation = 'open' | 'continued' | 'greetedAgain' | 'forgotten' | 'dropped';

/**
 * Looks whether a call goes on: on a new stream, with a model session that knows what the journal knew, and which was not asked to greet,
 * the caller has heard the agent.
 */
export function continuationOf(
  caller: KillCaller,
  killedMs: number,
  { hasBegun, all, told }: CallStory,
  sessions: readonly WatchedSession[],
): Continuation {
  if (caller.isOver) return 'dropped';
  const mine = sessions.filter(
    ({ openedAtMs, conversation, slot }) =>
      openedAtMs > killedMs && (slot === caller.slot || (conversation !== null && all.includes(conversation))),
  );
  if (hasBegun && mine.some(({ wasAskedToGreet }) => wasAskedToGreet)) return 'greetedAgain';
  const session = mine.findLast(({ spokeAtMs }) => spokeAtMs !== null);
  const { streamMs, heardMs } = caller;
  if (session === undefined || streamMs === null || streamMs < killedMs) return 'open';
  if (heardMs < streamMs || heardMs < (session.spokeAtMs ?? Infinity)) return 'open';
  return told === null || session.known.includes(told) ? 'continued' : 'forgotten';
}

/** How many sessions heard another caller than the one whose conversation they lead. */
export function crossedLines(
  snapshot: JournalSnapshot,
  callers: readonly KillCaller[],
  sessions: readonly WatchedSession[],
): number {
  const slots = new Map(callers.flatMap(({ callSid, slot }) => storyOf(snapshot, callSid).all.map((of) => [of, slot])));
  return sessions.filter(({ conversation, slot }) => {
    const owner = conversation === null ? undefined : slots.get(conversation);
    return slot !== null && owner !== undefined && owner !== slot;
  }).length;
}
