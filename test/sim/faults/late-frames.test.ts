import { describe, expect, test } from 'vitest';
import type { CallEvent } from '../../../src/call/events.ts';
import type { AudioTally } from '../../../src/call/talk/audio-tally.ts';
import type { Fault } from '../../../src/sim/faults/fault.ts';
import { simulateCall } from '../../../src/sim/run/call.ts';
import { sounds } from '../../../src/sim/run/seed.ts';
import { parseWorldScenario } from '../../../src/sim/scenario/world-scenario.ts';

/** The caller speaks and pauses by turns for twenty seconds. */
const turns = Array.from({ length: 8 }, () => [{ say: 'interrupting' }, { pauseMs: 1_200 }]).flat();
const always = { atMs: 0, forMs: 30_000 };

/** Plays a call with one fault. Returns what did not hold, the steps of the call with frames, and what became of the sound. */
function playWith(fault: Fault) {
  const frames: Extract<CallEvent, { type: 'stream.media' }>[] = [];
  let tally: AudioTally['caller'] | null = null;
  const scenario = parseWorldScenario(
    {
      why: 'Frames are late.',
      caller: { steps: [{ pauseMs: 2_000 }, ...turns, { hangUp: true }] },
      model: { turns: [{ steps: [{ say: 'hello' }] }] },
      faults: [fault],
    },
    sounds,
  );
  const { broken } = simulateCall(scenario, {
    hashes: false,
    observer: {
      onStep(_atMs, event, _effects, call) {
        if (event.type === 'stream.media') frames.push(event);
        tally = call.tally.caller;
      },
    },
  });
  if (tally === null) throw new Error('There was no call.');
  return { broken, frames, tally: tally as AudioTally['caller'] };
}

describe('frames of the caller that are late', () => {
  test('because the process is busy are joined, and no silence is sent in their place', () => {
    const { broken, frames, tally } = playWith({ fault: 'serviceBusy', ...always, everyMs: 450, busyMs: 400 });
    expect([broken, tally.filled]).toEqual([[], 0]);
    expect(frames.filter(({ audio }) => audio.length === 320).length).toBeGreaterThan(frames.length / 2);
    expect(Math.max(...frames.map(({ audio }) => audio.length))).toBe(320);
  });

  test('by half a second again and again have silence sent in their place once, which is paid back', () => {
    const { broken, tally } = playWith({ fault: 'bursts', link: 'mediaIn', ...always, everyMs: 700, holdMs: 500 });
    expect(broken).toEqual([]);
    expect(tally.filled).toBeGreaterThan(0);
    expect(tally.filled).toBeLessThanOrEqual(500 * 8);
  });

  test('that come in time are not joined', () => {
    const { broken, frames } = playWith({ fault: 'timersLate', byMs: 0 });
    expect(broken).toEqual([]);
    expect(new Set(frames.map(({ audio }) => audio.length))).toEqual(new Set([160]));
  });
});
