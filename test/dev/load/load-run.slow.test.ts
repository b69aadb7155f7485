import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { startParley, startRelay } from '../../../dev/load/bridge-process.ts';
import { LoadRun } from '../../../dev/load/load-run.ts';

/** Bridge and load have a processor each. */
describe.skipIf(process.platform !== 'linux' || availableParallelism() < 2)('calls at load', () => {
  test.for([
    ['the relay', startRelay],
    ['Parley', startParley],
  ] as const)('talk over %s, and what they say is known at the other end', async ([, start], { onTestFinished }) => {
    const run = await LoadRun.start(start);
    onTestFinished(async () => run.stop());
    await run.place(2);
    // The agent begins to speak every five seconds.
    const { up, down, heard, broken, cpuShare } = await run.measure(6_000);
    expect(broken).toBe(0);
    expect(Math.min(up.count, down.count)).toBeGreaterThan(0);
    expect(Math.min(up.p50Ms, down.p50Ms, heard.min, cpuShare)).toBeGreaterThan(0);
  });

  test('are taken and refused as there is room, and every caller is answered', async ({ onTestFinished }) => {
    const run = await LoadRun.start((url) => startParley(url, { MAX_CONCURRENT_CALLS: '2' }));
    onTestFinished(async () => run.stop());
    await run.place(1);
    const shape = { callsPerSecond: 4, lastsMs: 1_000 };
    const { taken, refused, unanswered, broken } = await run.surge({ ...shape, callMs: 2_000 });
    expect([taken, unanswered, broken]).toEqual([1, 0, 0]);
    expect(refused).toBeGreaterThan(0);
  });
});
