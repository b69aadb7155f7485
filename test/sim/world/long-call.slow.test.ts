import { beforeAll, describe, expect, test } from 'vitest';
import {
  costPerMinuteUsd,
  firstFact,
  type LongCall,
  longCall,
  minuteCostRatioMax,
} from '../../../src/sim/run/long-call.ts';
import { buildSystemInstruction, defaultPrompt } from '../../../src/config/system-instruction.ts';
import { simulatedTools } from '../../../src/sim/run/simulated-tools.ts';

/** Two turns of six seconds at 25 tokens (GM-USAGE-1). */
const pairTokens = 2 * 6 * 25;

describe('a call of half an hour', () => {
  let twoMinutes: LongCall;
  let halfHour: LongCall;

  beforeAll(() => {
    twoMinutes = longCall(2);
    halfHour = longCall(30);
  });

  test('goes well, and its sessions are replaced by age and on notice', () => {
    expect(halfHour.broken).toEqual([]);
    expect(halfHour.callMs / 60_000).toBeCloseTo(30, 0);
    // Every pair of turns and the greeting have their bill.
    expect(halfHour.bills).toHaveLength(91);
    expect(halfHour.rotations).toEqual(['age', 'goAway', 'age']);
    expect(halfHour.sessions.map(({ resumes }) => resumes)).toEqual([null, 1, 2, 3]);
  });

  test('costs little more for each minute than one of two minutes, thanks to compression', () => {
    const shortUsd = costPerMinuteUsd(twoMinutes);
    const uncompressed = longCall(20, { compression: null });
    expect(uncompressed.broken).toEqual([]);
    expect(costPerMinuteUsd(halfHour) / shortUsd).toBeLessThanOrEqual(minuteCostRatioMax);
    expect(costPerMinuteUsd(uncompressed) / shortUsd).toBeGreaterThan(minuteCostRatioMax);
  });

  test('has the fact of its first minute in the instruction after each rotation', () => {
    const [first, ...others] = instructions(halfHour);
    expect(first).toBe(buildSystemInstruction({ prompt: defaultPrompt, language: null }, [...simulatedTools.keys()]));
    expect(others).toHaveLength(3);
    for (const instruction of others) expect(instruction).toContain(firstFact);
  });

  test('tells a resumed session once what its window may have dropped, and not the last minutes, which it still holds', () => {
    for (const { session, history, setup } of halfHour.sessions.slice(1)) {
      const before = history.filter((entry) => entry.session < session && entry.by !== 'client');
      const lines = before.map(({ text }) => text);
      const instruction = setup?.systemInstruction ?? '';
      const told = lines.filter((text) => instruction.includes(text));
      expect(told).toEqual(lines.slice(0, told.length));
      for (const text of told) expect(instruction.split(text)).toHaveLength(2);
      const untoldPairs = (lines.length - told.length) / 2;
      expect(untoldPairs).toBeGreaterThanOrEqual(6);
      // The first bill of the session says what its window holds; half a pair of it is what the caller has just said.
      const firstBill = halfHour.bills[before.filter(({ by }) => by === 'model').length];
      const heldPairs = (firstBill?.promptByModality.AUDIO ?? 0) / pairTokens - 0.5;
      expect(untoldPairs).toBeLessThanOrEqual(heldPairs);
    }
  });
});

function instructions({ sessions }: LongCall): string[] {
  return sessions.map(({ setup }) => setup?.systemInstruction ?? '');
}
