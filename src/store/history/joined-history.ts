import type { CallHistory, HistoryPage, HistoryPlace, HistoryQuery, PastCall, PastCallStory } from './call-history.ts';

/** The history in several journals, such as those of workers, as one. */
export class JoinedHistory implements CallHistory {
  readonly #histories: readonly CallHistory[];

  constructor(histories: readonly CallHistory[]) {
    this.#histories = histories;
  }

  /** Each journal brings as many calls as are wanted, because all of them may be of one. A place in one is a place in all. */
  async list(query: HistoryQuery, place: HistoryPlace): Promise<HistoryPage> {
    const pages = await Promise.all(this.#histories.map(async (history) => history.list(query, place)));
    const all = pages.flatMap(({ calls }) => calls).toSorted(newestFirst);
    const calls = all.slice(0, place.limit);
    const last = calls.at(-1);
    const isMore = all.length > calls.length || pages.some(({ next }) => next !== null);
    const missing = [...new Set(pages.flatMap((page) => page.missing ?? []))].join(' ');
    return {
      calls,
      next: isMore && last !== undefined ? `${last.startedAtMs}.${last.callSid}` : null,
      missing: missing === '' ? null : missing,
    };
  }

  async find(callSid: string): Promise<PastCallStory | null> {
    const stories = await Promise.all(this.#histories.map(async (history) => history.find(callSid)));
    return stories.find((story) => story !== null) ?? null;
  }
}

/** As each journal sorts its own. */
function newestFirst(one: PastCall, other: PastCall): number {
  return other.startedAtMs - one.startedAtMs || (one.callSid < other.callSid ? 1 : -1);
}
