import { describe, expect, test } from 'vitest';
import type { CallEffect } from '../../../../src/call/effects.ts';
import type { CallEvent } from '../../../../src/call/events.ts';
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
    const agent = { heard: 0, heardNow: 0, sent: 8_000, cleared: 0, waiting: 8_000, queued: 0, dropped: 0 };
    unknown.step({ type: 'tick', atMs: 0 }, [clear], agent, 0);
    const marked = { ...agent, heard: 90 * bytesPerMs, heardNow: 90 * bytesPerMs };
    unknown.step({ type: 'stream.marked', name: 'g1.1', atMs: 90 }, [clear], marked, 0);
    expect(unknown.step({ type: 'tick', atMs: 1_000 }, [], marked, 0)).toEqual([]);
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
    const heard = 500 * bytesPerMs;
    const agent = { heard, heardNow: heard + errorMs * bytesPerMs, sent: heard, cleared: 0, waiting: 0 };
    return position.step(event, effects, { ...agent, queued: 0, dropped: 0 }, heard);
  };
  step({ type: 'stream.marked', name: 'g1.1', atMs }, 0);
  const later = (): CallEvent => ({ type: 'tick', atMs: (atMs += 1_000) });
  return {
    errors: (errorsMs) => errorsMs.flatMap((errorMs) => step(later(), errorMs)),
    clear: () => void step(later(), 0, [clear]),
  };
}
