import { setTimeout as delay } from 'node:timers/promises';
import type { KillCaller } from './kill-caller.ts';
import type { JournalSnapshot } from './kill-journal.ts';
import type { KillModel } from './kill-model.ts';
import type { KillRow } from './kill-report.ts';
import { continuationOf, storyOf } from './kill-verdict.ts';

/** How long a call that was brought back may take to show that it goes on: two turns of the caller. */
export const continueMsMax = 10_000;

const lookMs = 100;

/** A kill whose calls are followed. Times are of `performance.now()`. */
export interface FollowedKill {
  readonly callers: readonly KillCaller[];
  /** The journal as the dead process left it. */
  readonly snapshot: JournalSnapshot;
  readonly model: KillModel;
  readonly killedMs: number;
  /** Nothing is waited for beyond this moment. */
  readonly untilMs: number;
  /** Another kill follows at once. Calls that have shown nothing by then are counted with that one. */
  readonly isFollowed: boolean;
}

/** What became of the calls of one kill. */
type KillOutcome = Pick<KillRow, 'broughtBack' | 'continued' | 'killedAgain' | 'givenUp' | 'failures'>;

/** Waits until every call has shown what becomes of it. */
export async function outcomeOfKill(kill: FollowedKill): Promise<KillOutcome> {
  const { callers, snapshot, model, killedMs, untilMs, isFollowed } = kill;
  const stories = new Map(callers.map((caller) => [caller, storyOf(snapshot, caller.callSid)]));
  const open = new Set(callers);
  const failures: string[] = [];
  const givenUp: string[] = [];
  let broughtBack = 0;
  let continued = 0;
  while (open.size > 0 && performance.now() < untilMs) {
    await delay(lookMs);
    const sessions = model.sessionsSince(killedMs);
    for (const caller of open) {
      const { interruption } = caller;
      const story = stories.get(caller);
      if (interruption === null || interruption.kind === 'waiting' || story === undefined) continue;
      if (interruption.kind === 'givenUp') givenUp.push(interruption.reason);
      if (interruption.kind === 'broughtBack') {
        const how = continuationOf(caller, killedMs, story, sessions);
        const isOverdue = performance.now() - interruption.sinceMs > continueMsMax;
        if (how === 'open' && !isOverdue) continue;
        broughtBack += 1;
        if (how === 'continued') continued += 1;
        else failures.push(`${how === 'open' ? 'silent' : how} ${caller.callSid}`);
      }
      caller.interruption = null;
      open.delete(caller);
    }
  }
  for (const caller of open) if (!isFollowed) failures.push(`neither back nor given up ${caller.callSid}`);
  return { broughtBack, continued, killedAgain: isFollowed ? open.size : 0, givenUp, failures };
}
