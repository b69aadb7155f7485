import { expect, test } from 'vitest';
import { simulateCall } from '../../../src/sim/run/call.ts';
import { sounds } from '../../../src/sim/run/seed.ts';
import type { CallEffect } from '../../../src/call/effects.ts';
import { seededScenario } from '../../../src/sim/seeds/seeded-scenario.ts';
import { parseWorldScenario, type WorldScenarioInput } from '../../../src/sim/scenario/world-scenario.ts';

const quiet: WorldScenarioInput = {
  why: 'Nobody says anything.',
  caller: { steps: [{ pauseMs: 1000 }, { hangUp: true }] },
  model: { turns: [] },
};

test.for([
  [{ fautls: [] }, /Unrecognized key: "fautls"\. There are: why, caller,.*\n {2}→ at fautls$/],
  [{ model: { turns: [], foo: 1 } }, /"foo"\. There are: .*setupMs.*\n {2}→ at model\.foo$/],
  [{ model: { turns: [], setupMs: 'x' } }, /expected number.*or.*expected "never"\n {2}→ at model\.setupMs$/],
  [{ model: { turns: [{ steps: [{ say: 3 }] }] } }, /expected string.*\n {2}→ at model\.turns\[0\]\.steps\[0\]\.say$/],
  [{ caller: { steps: [{ pauseMs: 3, foo: 1 }] } }, /"foo"\. There are: pauseMs\n {2}→ at caller\.steps\[0\]\.foo$/],
  [{ caller: { steps: [{ say: 'poem' }] } }, /at caller\.steps\[0\]\.say$/],
  [{ faults: [{ fault: 'latency', link: 'media', ms: 20, jiterMs: 3 }] }, /"jiterMs"[\s\S]*at faults\[0\]/],
  [{ faults: [{ fault: 'earthquake' }] }, /A fault is one of latency, stall[\s\S]*at faults\[0\]/],
  [{ faults: [{ fault: { toString: 'x' } }] }, /A fault is one of latency, stall[\s\S]*at faults\[0\]/],
  [{ faults: [{ fault: 'streamLost', atMs: -1 }] }, /at faults\[0\].atMs/],
  [{ tools: [{ outcome: 'odd' }] }, /at tools\[0\].outcome/],
  [{ settings: { callMax: 3 } }, /"callMax"[\s\S]*at settings/],
  [{ caller: { steps: [{ say: 'poem' }] } }, /There is no clip named poem/],
  [{ model: { turns: [{ step: [] }] } }, /"step"[\s\S]*at model\.turns\[0\]/],
])('a scenario with %j is refused and the place is named', ([change, message]) => {
  expect(() => parseWorldScenario({ ...quiet, ...Object(change) }, sounds)).toThrow(
    message instanceof RegExp ? message : '',
  );
});

test('a seed that was saved as a file is the same call', () => {
  const drawn = seededScenario(77);
  const saved: unknown = JSON.parse(JSON.stringify(drawn));
  const [first, second] = [drawn, saved].map((each) => simulateCall(parseWorldScenario(each, sounds)).hash);
  expect(first).toBe(second);
});

test('a stream that has died without a word is found out by its pulse and followed by another', () => {
  const effects: CallEffect[] = [];
  const { broken, endReason } = play(
    {
      ...quiet,
      caller: { steps: [{ pauseMs: 36_000 }, { hangUp: true }] },
      model: { turns: [{ steps: [{ say: 'hello' }] }] },
      faults: [{ fault: 'streamZombie', atMs: 2000 }],
      settings: { callMsMax: 60_000 },
    },
    effects,
  );
  expect({ broken, endReason }).toEqual({ broken: [], endReason: 'callerHungUp' });
  expect(effects.filter((effect) => effect.type === 'note' && effect.name === 'streamStarted')).toHaveLength(2);
});

// Twilio is not known to answer pings for good. To one that does not, a phone that sends nothing for half a minute must not look dead.
test('a muted phone keeps its stream, also when no ping is answered', () => {
  const effects: CallEffect[] = [];
  const { broken, endReason } = play(
    {
      ...quiet,
      caller: { steps: [{ pauseMs: 36_000 }, { hangUp: true }] },
      model: { turns: [{ steps: [{ say: 'hello' }] }] },
      faults: [
        { fault: 'callerFramesLost', atMs: 4000, forMs: 30_000 },
        { fault: 'mediaOdd', answersPings: false },
      ],
      settings: { callMsMax: 60_000 },
    },
    effects,
  );
  expect({ broken, endReason }).toEqual({ broken: [], endReason: 'callerHungUp' });
  expect(effects.filter((effect) => effect.type === 'note' && effect.name === 'streamStarted')).toHaveLength(1);
});

test('what a stalled link held back arrives at once when the stall is over', () => {
  const arrivalsMs: number[] = [];
  const stall = { fault: 'stall', link: 'mediaIn', atMs: 500, forMs: 300 } as const;
  simulateCall(parseWorldScenario({ ...quiet, faults: [stall] }, sounds), {
    observer: {
      onStep(atMs, event) {
        // Frames that arrive together are read together.
        const frames = event.type === 'stream.media' ? event.audio.length / 160 : 0;
        for (let frame = 0; frame < frames; frame += 1) arrivalsMs.push(atMs);
      },
    },
  });
  expect(arrivalsMs.filter((atMs) => atMs >= 500 && atMs < 800)).toEqual([]);
  expect(arrivalsMs.filter((atMs) => atMs === 800).length).toBeGreaterThan(10);
});

function play(scenario: WorldScenarioInput, effects: CallEffect[]) {
  return simulateCall(parseWorldScenario(scenario, sounds), {
    observer: { onStep: (_atMs, _event, ordered) => void effects.push(...ordered) },
  });
}
