import { expect, test } from 'vitest';
import type { Board } from '../../../src/console/live/board.ts';
import type { LiveCall, LiveItem } from '../../../src/console/live/picture/live-call.ts';
import { changedBoard, changedView } from '../../../web/board/board-state.ts';

const call: LiveCall = {
  callSid: 'CA1',
  from: null,
  to: null,
  agent: 'Parley',
  source: 'phone',
  process: null,
  startedAtMs: 0,
  stage: 'talking',
  speaks: 'nobody',
  lastWords: { caller: '', agent: '' },
  waitsMs: [],
  worstWaitMs: null,
  model: { health: 'live', sessions: 1 },
  tools: [],
  faults: 0,
  costUsd: 0,
  tokens: 0,
  end: null,
};

const board: Board = {
  nowMs: 0,
  calls: [call],
  ended: [],
  summary: {
    load: { calls: 1, callsMax: 10, modelSessions: 1, isDraining: false },
    day: { sinceMs: 0, calls: 1, byOutcome: {}, refused: {} },
    problems: [],
  },
};

function item(id: number, text = 'x'): LiveItem {
  return { id, atMs: id, kind: 'news', text, isTrouble: false };
}

function over(number: number): LiveCall {
  return { ...call, callSid: `CA${number}`, end: { atMs: number, outcome: 'callerHungUp' } };
}

test('calls that are new or other than before take their places', () => {
  const other = { ...call, callSid: 'CA2' };
  const spoken = { ...call, speaks: 'caller' } as const;
  const after = changedBoard(board, { calls: [other, spoken], ended: [] });
  expect(after.calls).toEqual([spoken, other]);
  expect(after.summary).toBe(board.summary);
});

test('calls that ended are no longer live, and the last ten of them stay', () => {
  let after = board;
  for (let number = 1; number <= 12; number += 1) after = changedBoard(after, { calls: [], ended: [over(number)] });
  expect(after.calls).toEqual([]);
  expect(after.ended.map(({ callSid }) => callSid)).toEqual(Array.from({ length: 10 }, (_, at) => `CA${12 - at}`));
  // What was in the snapshot may be told once more.
  expect(changedBoard(after, { calls: [], ended: [over(12)] }).ended).toEqual(after.ended);
});

test('items that changed replace what they were, in their order, and the oldest are forgotten', () => {
  const view = { call, items: [item(1), item(2)], forgotten: 0, destinations: [] };
  expect(changedView(view, { ...view, items: [item(3), item(2, 'y')] }).items).toEqual([
    item(1),
    item(2, 'y'),
    item(3),
  ]);
  const many = Array.from({ length: 400 }, (_, at) => item(at + 3));
  expect(changedView(view, { ...view, items: many, forgotten: 102 }).items).toEqual(many.slice(100));
});
