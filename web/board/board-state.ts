import type { Board, BoardChange } from '../../src/console/live/board.ts';
import type { LiveCall, LiveCallView, LiveItem } from '../../src/console/live/picture/live-call.ts';

/** As many calls that have ended stay on the board. */
const endedMax = 10;

/** As many items of one call are kept, as in the service. */
const itemsMax = 300;

/** The board with what has changed of it. */
export function changedBoard(board: Board, { calls, ended, summary }: BoardChange): Board {
  const gone = new Set(ended.map(({ callSid }) => callSid));
  const rows = new Map(board.calls.map((call) => [call.callSid, call]));
  for (const call of calls) rows.set(call.callSid, call);
  for (const callSid of gone) rows.delete(callSid);
  // A call that has moved to another process is over at the one before.
  const others = board.ended.filter(({ callSid }) => !gone.has(callSid) && !rows.has(callSid));
  return {
    ...board,
    calls: [...rows.values()],
    ended: [...ended, ...others].toSorted((a, b) => endOf(b) - endOf(a)).slice(0, endedMax),
    summary: summary ?? board.summary,
  };
}

function endOf({ end }: LiveCall): number {
  return end?.atMs ?? 0;
}

/** One call with what has changed of it. */
export function changedView(view: LiveCallView, change: LiveCallView): LiveCallView {
  const items = new Map(view.items.map((item) => [item.id, item]));
  for (const item of change.items) items.set(item.id, item);
  const kept: readonly LiveItem[] = [...items.values()].toSorted((a, b) => a.id - b.id).slice(-itemsMax);
  return { ...change, items: kept };
}
