import { describe, expect, test } from 'vitest';
import { hostileKind } from '../../../dev/load/hostile-caller.ts';
import { loadRow, loadTableHead } from '../../../dev/load/load-table.ts';
import type { LoadFigures } from '../../../dev/load/load-run.ts';
import type { SurgeReport, Trips } from '../../../dev/load/load-orders.ts';
import { surgeTables } from '../../../dev/load/surge-table.ts';

/** Beside the relay, and with no row of fewer calls. */
const alone = { yardstick: [2, 4, 3].map((cost) => figures({ cpuMsPerCallSecond: cost })), fewer: null };

describe('a row of the table', () => {
  test('holds medians, and compares each round with the relay of the same round', () => {
    const rounds = [3, 4, 6].map((cost) => figures({ cpuMsPerCallSecond: cost, up: trips(cost, 10 * cost) }));
    expect(loadRow(100, 'Parley', rounds, alone)).toBe(
      '| 100 | Parley | 4.00 | 1.50 × | 50 % | 4.00 / 40.0 | 1.00 / 2.0 | 1.00 / 2.0 | 0.990–1.010 | 102 | 0 of 3 |',
    );
  });

  test('leaves void rounds out, unless all are void', () => {
    const isVoid = true;
    const rounds = [
      figures({ cpuMsPerCallSecond: 8, isVoid }),
      figures({ cpuMsPerCallSecond: 6 }),
      figures({ isVoid }),
    ];
    const cells = loadRow(10, 'Parley', rounds, alone).split(' | ');
    expect([cells[2], cells[3], cells.at(-1)]).toEqual(['6.00', '1.50 ×', '2 of 3 |']);
    const allVoid = loadRow(10, 'Parley', [figures({ cpuMsPerCallSecond: 8, isVoid })], alone).split(' | ');
    expect([allVoid[2], allVoid[3], allVoid.at(-1)]).toEqual(['8.00', '4.00 ×', '1 of 1 |']);
  });

  test('holds what further calls take of memory beside fewer of them', () => {
    const fewer = { calls: 50, rounds: [110, 112, 119].map((loadedMb) => figures({ loadedMb })) };
    const rounds = [130, 122, 121].map((loadedMb) => figures({ loadedMb }));
    expect(
      loadRow(100, 'Parley', rounds, { ...alone, fewer })
        .split(' | ')
        .at(-2),
    ).toBe('205');
  });

  test('says what went wrong, and why there are no figures', () => {
    const rounds = [figures({ unclear: 2, sessionsLost: 1 }), { failed: '3 of 9 calls do not talk' }, figures({})];
    const [, , name] = loadRow(9, 'Parley', rounds, alone).split('| ');
    expect(name).toBe(
      'Parley (2 interruptions without a clear; 1 sessions replaced; failed: 3 of 9 calls do not talk) ',
    );
    const none = loadRow(9, 'Parley', [{ failed: 'nothing is heard' }], alone);
    expect(none).toContain('Parley (failed: nothing is heard)');
    expect(none.split('|').length).toBe(loadTableHead.split('\n')[0]?.split('|').length);
  });
});

test('the tables of a surge tell what became of its callers, and what the others noticed', () => {
  const report: SurgeReport = {
    taken: 90,
    refused: 60,
    unanswered: 0,
    refusals: trips(20, 180, 900),
    heard: { min: 0.995, median: 1, max: 1.004 },
    clear: trips(5, 50),
    unclear: 0,
    sessionsLost: 0,
    broken: 1,
    why: 'its stream was closed with 1006',
  };
  const [before, during, after] = [figures({}), figures({ unclear: 1 }), figures({ up: trips(0.5, 3) })];
  const tables = surgeTables({ fullCalls: 150, residents: 75, callsPerSecond: 7.5, report, before, during, after });
  expect(tables).toContain('150 calls fill the processor. 75 talk all the time; beside them 7.5 come in each second.');
  expect(tables).toContain('| refused after, p50 / p99 ms | – / ≤ 250 | 20.00 / 180.0 |');
  expect(tables).toContain('| refused after, at most, ms | ≤ 2000 | 900 |');
  expect(tables).toContain('| calls broken | 0 | 1: its stream was closed with 1006 |');
  expect(tables).toContain('| up, p50 / p99 ms | 1.00 / 2.0 | 1.00 / 2.0 | 0.50 / 3.0 |');
  expect(tables).toContain('| interruptions without a clear | 0 | 1 | 0 |');

  const none = { ...report, refused: 0, refusals: { ...trips(Number.NaN, Number.NaN), count: 0 } };
  const calm = surgeTables({ fullCalls: 150, residents: 75, callsPerSecond: 7.5, report: none, before, during, after });
  expect(calm).toContain('| refused after, p50 / p99 ms | – / ≤ 250 | – |');
  expect(calm).toContain('| refused after, at most, ms | ≤ 2000 | – |');
});

test('a hostile caller is known by a name, and a wrong one is answered with all names', () => {
  expect(hostileKind('audio-faster-than-time').name).toBe('audio-faster-than-time');
  expect(() => hostileKind('nice')).toThrow(/"nice".*audio-faster-than-time, .*one-call-placed-again-and-again\.$/);
});

function figures(changes: Partial<LoadFigures>): LoadFigures {
  return {
    cpuMsPerCallSecond: 5,
    cpuShare: 0.5,
    loadCpuShare: 0.2,
    idleMb: 100,
    loadedMb: 110,
    isVoid: false,
    up: trips(1, 2),
    down: trips(1, 2),
    clear: trips(1, 2),
    unclear: 0,
    heard: { min: 0.99, median: 1, max: 1.01 },
    lateMs: 1,
    sessionsLost: 0,
    nudges: 0,
    broken: 0,
    why: '',
    ...changes,
  };
}

function trips(p50Ms: number, p99Ms: number, maxMs = p99Ms): Trips {
  return { p50Ms, p99Ms, maxMs, count: 100 };
}
