import { availableParallelism } from 'node:os';
import { describe, expect, test } from 'vitest';
import { startParley, startRelay } from '../../../dev/load/bridge-process.ts';
import { type LoadFigures, LoadRun, measureTogether } from '../../../dev/load/load-run.ts';

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

  test('talk over several bridges at a time, and each round has figures of all', async () => {
    const bridges = [startRelay, startParley].map((start) => ({ name: '', start, hostile: null }));
    const rounds: LoadFigures[][] = [];
    for await (const round of measureTogether(bridges, 2, 1_000, 2)) {
      rounds.push(bridges.flatMap((bridge) => round.get(bridge) ?? []));
    }
    expect(rounds.map((round) => round.length)).toEqual([2, 2]);
    expect(rounds.flat().every(({ cpuMsPerCallSecond, broken }) => cpuMsPerCallSecond > 0 && broken === 0)).toBe(true);
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
