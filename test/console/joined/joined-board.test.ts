import { expect, test } from 'vitest';
import type { Board, BoardSummary } from '../../../src/console/live/board.ts';
import type { LiveCall } from '../../../src/console/live/picture/live-call.ts';
import type { Problem } from '../../../src/console/live/problems.ts';
import { parseJson } from '../../../src/encoding/json.ts';
import { JoinedBoard } from '../../../src/console/joined/joined-board.ts';

const nowMs = 1_000_000;

test('the boards of two workers are one: calls, loads, the day and problems', () => {
  const board = new JoinedBoard(() => nowMs);
  board.begin('w0', boardOf([call('CA0')], [call('CA1', 500)], summary(1, { full: 1 }, [problem('a', 1)])));
  board.begin('w1', boardOf([call('CA2')], [call('CA3', 900)], summary(1, { full: 2 }, [problem('a', 2)])));
  const all = parseJson(board.snapshot());
  expect(all).toMatchObject({
    nowMs,
    calls: [{ callSid: 'CA0' }, { callSid: 'CA2' }],
    ended: [{ callSid: 'CA3' }, { callSid: 'CA1' }],
    summary: {
      load: { calls: 2, callsMax: 20, modelSessions: 2, isDraining: false },
      day: { sinceMs: 5, calls: 6, byOutcome: { callerHungUp: 4 }, refused: { full: 3 } },
      problems: [{ code: 'a', met: { times: 3, lastMs: 2 } }],
    },
  });
});

test('the service is stopping when all processes are, and not while one ends in a deploy', () => {
  const board = new JoinedBoard(() => nowMs);
  const says = (isDraining: boolean): void =>
    expect(parseJson(board.snapshot())).toMatchObject({ summary: { load: { isDraining } } });
  says(false);
  board.begin('a', boardOf([], [], draining()));
  says(true);
  board.begin('b', boardOf([], [], summary(1)));
  says(false);
  board.take('b', { calls: [], ended: [], summary: draining() });
  says(true);
});

test('only what has changed is told, once', () => {
  const board = new JoinedBoard(() => nowMs);
  board.begin('w0', boardOf([call('CA0'), call('CA1')], [], summary(2)));
  expect(parseJson(board.change() ?? '')).toMatchObject({ calls: [{ callSid: 'CA0' }, { callSid: 'CA1' }] });
  expect(board.change()).toBeNull();
  board.take('w0', { calls: [call('CA2')], ended: [call('CA0', 700)] });
  expect(parseJson(board.change() ?? '')).toEqual({
    calls: [{ ...call('CA2'), process: 'w0' }],
    ended: [{ ...call('CA0', 700), process: 'w0' }],
  });
  board.take('w0', { calls: [], ended: [], summary: summary(3) });
  expect(parseJson(board.change() ?? '')).toMatchObject({ calls: [], summary: { load: { calls: 3 } } });
  expect(board.change()).toBeNull();
});

test('a call that is over where it was is told of anew as it is where it has moved', () => {
  const board = new JoinedBoard(() => nowMs);
  board.begin('a', boardOf([call('CA1')], [], summary(1)));
  board.begin('b', boardOf([call('CA1')], [], summary(1)));
  board.take('a', { calls: [call('CA1')], ended: [] });
  expect(parseJson(board.change() ?? '')).toMatchObject({ calls: [{ callSid: 'CA1', process: 'a' }] });
  board.take('a', { calls: [], ended: [call('CA1', 700)] });
  expect(parseJson(board.change() ?? '')).toEqual({ calls: [{ ...call('CA1'), process: 'b' }], ended: [] });
});

test('a worker that is gone takes its calls from the board, and what it still tells changes nothing', () => {
  const board = new JoinedBoard(() => nowMs);
  board.begin('w0', boardOf([call('CA0')], [], summary(1)));
  board.end('w0');
  board.take('w0', { calls: [call('CA9')], ended: [] });
  expect(parseJson(board.snapshot())).toMatchObject({ calls: [], ended: [], summary: { load: { calls: 0 } } });
});

function boardOf(calls: readonly LiveCall[], ended: readonly LiveCall[], all: BoardSummary): Board {
  return { nowMs: 1, calls, ended, summary: all };
}

function summary(calls: number, refused: Record<string, number> = {}, problems: readonly Problem[] = []): BoardSummary {
  return {
    load: { calls, callsMax: 10, modelSessions: calls, isDraining: false },
    day: { sinceMs: 5, calls: 3, byOutcome: { callerHungUp: 2 }, refused },
    problems,
  };
}

function draining(): BoardSummary {
  const all = summary(0);
  return { ...all, load: { ...all.load, isDraining: true } };
}

function problem(code: string, times: number): Problem {
  return { code, what: 'What.', remedy: 'Remedy.', met: { times, lastMs: times } };
}

function call(callSid: string, endedMs: number | null = null): LiveCall {
  return {
    callSid,
    from: null,
    to: null,
    agent: 'house',
    source: 'phone',
    process: null,
    startedAtMs: 0,
    stage: endedMs === null ? 'talking' : 'ended',
    speaks: 'nobody',
    lastWords: { caller: '', agent: '' },
    waitsMs: [],
    worstWaitMs: null,
    model: { health: 'live', sessions: 1 },
    tools: [],
    faults: 0,
    costUsd: null,
    tokens: 0,
    end: endedMs === null ? null : { atMs: endedMs, outcome: 'callerHungUp' },
  };
}
