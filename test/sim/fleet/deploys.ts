import { expect } from 'vitest';
import { gapMs, playFleet, troubleOf, wentOn } from './fleet-dialogue.ts';

/** A way to the phone network and back, four times, each of which is 80 ms at most, and the store. */
const gapMsMax = 1_000;

/**
 * Plays deploys of these seeds, each of which ends one or two processes while they have the call, and demands that nobody hears of it. Returns
 * in how many the call went from one process to another.
 */
export function handedOverUnheard(from: number, to: number): number {
  let handedOver = 0;
  for (let seed = from; seed <= to; seed += 1) {
    const call = playFleet(seed, 1 + (seed % 2), (atMs, draw) => ({
      fault: 'serviceRestarted',
      atMs,
      downMs: draw.int(500, 4_000),
    }));
    const { broken } = call.played.call;
    expect({ seed, broken, wentOn: wentOn(call) }).toEqual({ seed, broken: [], wentOn: true });
    // What a stream is closed with when its call goes on elsewhere.
    expect(troubleOf(call, [31_921]), `seed ${seed}`).toEqual([]);
    expect(call.prompts.filter((prompt) => prompt === 'greeting').length, `seed ${seed}`).toBeLessThanOrEqual(1);
    expect(call.prompts, `seed ${seed}`).not.toContain('lineDropped');
    expect(call.ignorant, `seed ${seed}`).toBe(0);
    expect(gapMs(call), `seed ${seed}`).toBeLessThanOrEqual(gapMsMax);
    if (call.played.streams.length > 1) handedOver += 1;
  }
  return handedOver;
}
