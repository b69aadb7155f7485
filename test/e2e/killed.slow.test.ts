import { expect, test } from 'vitest';
import { broken } from '../../dev/kill/kill-report.ts';
import { runKills } from '../../dev/kill/kill-run.ts';

test('calls whose process is killed go on with the next one, and the journal has lost nothing', async () => {
  const report = await runKills({
    kinds: ['held'],
    calls: 3,
    seed: 1,
    firstPauseMs: 2_500,
    pauseMs: { min: 0, max: 0 },
    talkMs: { min: 60_000, max: 60_000 },
  });
  expect(broken(report)).toEqual([]);
  expect(report.rows).toMatchObject([{ live: 3, broughtBack: 3, continued: 3, recordsLost: 0, linesMissing: 0 }]);
  expect(report.final).toMatchObject({ calls: 3, ends: { callerHungUp: 3 } });
});
