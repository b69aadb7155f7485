import { describe, expect, test } from 'vitest';
import type { CallEffect } from '../../../../src/call/effects.ts';
import type { CallEvent } from '../../../../src/call/events.ts';
import type { AudioTally } from '../../../../src/call/talk/audio-tally.ts';
import type { Fault } from '../../../../src/sim/faults/fault.ts';
import { FaultPlan } from '../../../../src/sim/faults/fault-plan.ts';
import { HeardPositionJudge } from '../../../../src/sim/judges/sound/heard-position-judge.ts';

const bytesPerMs = 8;
const clear: CallEffect = { type: 'stream.clear' };
const jitter: Fault = { fault: 'latency', link: 'media', ms: 20, jitterMs: 30 };

describe('where the call believes the caller to be', () => {
  test('may be wrong by as much as it likes while no mark has told how far away the phone network is', () => {
    // The mark is of sound that was cleared, and comes with another clear: what that takes for heard is no news of the way.
    const unknown = new HeardPositionJudge(new FaultPlan([]));
    unknown.step({ type: 'tick', atMs: 0 }, [clear], tally(0, 0), 0);
    unknown.step({ type: 'stream.marked', name: 'g1.1', atMs: 90 }, [clear], tally(90, 0), 0);
    expect(unknown.step({ type: 'tick', atMs: 1_000 }, [], tally(90, 0), 0)).toEqual([]);
  });

  test('may stay wrong by what was cleared until then, and not by more', () => {
    expect([errorsAfter([clear], -111), errorsAfter([clear], -151)]).toEqual([[], []]);
    expect(
      [errorsAfter([clear], -152), errorsAfter([clear], -70), errorsAfter([], -111)].map(({ length }) => length),
    ).toEqual([1, 1, 1]);
  });

  test('may be wrong by 40 ms, early or late', () => {
    expect(judge([]).errors([40, -40])).toEqual([]);
    expect(judge([]).errors([41])).toEqual(["the call believes the caller's ear 41 ms from where it is"]);
    expect(judge([]).errors([-41])).toEqual(["the call believes the caller's ear -41 ms from where it is"]);
  });

  test('may not be wrong by more after a clear on a line that keeps time', () => {
    const line = judge([]);
    line.clear();
    line.clear();
    expect(line.errors([41])).toHaveLength(1);
  });

  test('may be wrong by the jitter of the line as well, and by as much again with each clear', () => {
    expect(judge([jitter]).errors([70])).toEqual([]);
    expect(judge([jitter]).errors([71])).toHaveLength(1);
    const line = judge([jitter]);
    line.clear();
    expect(line.errors([100])).toEqual([]);
    expect(line.errors([101])).toHaveLength(1);
  });
});

/** A stream on which 500 ms were played and marked, so that the call knows how far away the phone network is. */
function judge(faults: readonly Fault[]): { errors: (errorsMs: readonly number[]) => string[]; clear: () => void } {
  const position = new HeardPositionJudge(new FaultPlan(faults));
  let atMs = 0;
  const step = (event: CallEvent, errorMs: number, effects: readonly CallEffect[] = []): string[] => {
    return position.step(event, effects, tally(500, errorMs), 500 * bytesPerMs);
  };
  step({ type: 'stream.marked', name: 'g1.1', atMs }, 0);
  const later = (): CallEvent => ({ type: 'tick', atMs: (atMs += 1_000) });
  return {
    errors: (errorsMs) => errorsMs.flatMap((errorMs) => step(later(), errorMs)),
    clear: () => void step(later(), 0, [clear]),
  };
}

/** What does not hold on a stream whose first mark comes when the call believes the ear 111 ms too early, and of such an error after it. */
function errorsAfter(before: readonly CallEffect[], errorMs: number): string[] {
  const line = new HeardPositionJudge(new FaultPlan([]));
  const playedBytes = 500 * bytesPerMs;
  line.step({ type: 'tick', atMs: 0 }, before, tally(0, 0), playedBytes);
  return [
    ...line.step({ type: 'stream.marked', name: 'g2.1', atMs: 500 }, [], tally(500, -111), playedBytes),
    ...line.step({ type: 'tick', atMs: 1_000 }, [], tally(500, errorMs), playedBytes),
  ];
}

/** What the call counts that has got marks for so many ms, and believes the ear so many ms further. */
function tally(heardMs: number, errorMs: number): AudioTally['agent'] {
  const heard = heardMs * bytesPerMs;
  const none = { sent: heard, cleared: 0, waiting: 0, queued: 0, dropped: 0 };
  return { ...none, heard, heardNow: heard + errorMs * bytesPerMs };
}
