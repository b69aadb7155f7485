import { describe, expect, test } from 'vitest';
import { simulateCall } from '../../../src/sim/run/call.ts';
import { sounds } from '../../../src/sim/run/seed.ts';
import { seededRandom } from '../../../src/sim/seeded-random.ts';
import { FaultPlan } from '../../../src/sim/faults/fault-plan.ts';
import type { Delivery } from '../../../src/sim/world/delivery.ts';
import { ModelNetwork } from '../../../src/sim/world/model-network.ts';
import { simulatedKey } from '../../../src/sim/world/model-sessions.ts';
import { parseWorldScenario, type WorldScenario } from '../../../src/sim/scenario/world-scenario.ts';

const link = { fault: 'latency', link: 'model', ms: 50, jitterMs: 0 } as const;
const greeting = { steps: [{ say: 'hello' }] };
const setup = { type: 'message.received', message: { setup: { model: 'models/gemini-3.8-live' } } } as const;
const early = { type: 'message.received', message: { realtimeInput: {} } } as const;
const left = { type: 'socket.closed' } as const;

describe('a connection to the model', () => {
  test.each([
    [503, [{ atMs: 100, to: 'service', event: { type: 'model.closed', session: 1, code: 1006, reason: '' } }]],
    ['never', []],
  ] as const)('whose upgrade comes to %s tells the service so: %j', (upgrade, news) => {
    const network = networkOf({ turns: [greeting], sessions: [{ upgrade }] });
    expect(connect(network, 1, 0)).toEqual(news);
    expect(connect(network, 2, 1000)).toMatchObject([
      { atMs: 1050, to: 'model', connection: 2, event: { type: 'socket.opened' } },
      { atMs: 1100, to: 'service', event: { type: 'model.connected', session: 2 } },
    ]);
  });

  test('that was left is closed at the other end too, and what was on its way back is lost', () => {
    const network = networkOf({ turns: [greeting], setupMs: 0 });
    pass(network, [...connect(network, 1, 0), ...network.send(1, setup, 0)]);
    // The service leaves and enters in one moment.
    const leaving = network.send(1, left, 1000);
    const entering = [...connect(network, 2, 1000), ...network.send(2, setup, 1000)];
    expect(pass(network, [...leaving, ...entering])).toMatchObject([
      { to: 'service', event: { type: 'model.connected', session: 2 } },
      { to: 'service', event: { type: 'model.received', session: 2 } },
    ]);
    const ends = network.reports().map(({ session, openedAtMs, end }) => [session, openedAtMs, end]);
    expect(ends).toEqual([
      [1, 50, { atMs: 1050, by: 'client' }],
      [2, 1050, null],
    ]);
    expect(network.broken()).toEqual([]);
  });

  test('of a service that was started again is not that of the service before, though both count from 1', () => {
    const network = networkOf({ turns: [greeting], setupMs: 0 });
    pass(network, [...connect(network, 1, 0), ...network.send(1, setup, 0)]);
    pass(network, network.crash(1000));
    const [opened] = connect(network, 1, 2000);
    expect(opened).toMatchObject({ to: 'model', connection: 2 });
    expect(network.reports().map(({ end }) => end)).toEqual([{ atMs: 1050, by: 'client' }, null]);
  });

  test('that breaks a rule is found, also when another came after it', () => {
    const network = networkOf({ turns: [greeting] });
    pass(network, [...connect(network, 1, 0), ...network.send(1, setup, 0), ...network.send(1, early, 0)]);
    pass(network, [...network.send(1, left, 1000), ...connect(network, 2, 1000)]);
    expect(network.broken()).toEqual(['the model saw GM-SETUP-2 broken: realtimeInput was sent before setupComplete']);
  });
});

test('a simulated call tells what each session of the model was told', () => {
  const { modelSessions } = simulateCall(scenario({ turns: [greeting], sessions: [{ lifeMs: 4000 }] }));
  const [first] = modelSessions;
  expect(first?.setup).toMatchObject({ model: 'models/gemini-3.8-live', instruction: expect.stringMatching(/./) });
  expect(first?.history[0]).toMatchObject({ session: 1, by: 'client' });
  expect(first?.end?.by).toEqual({ code: 1011, reason: 'Deadline expired before operation could complete.' });
  expect(first?.audio.speech.length).toBeGreaterThan(0);
});

function scenario(model: object): WorldScenario {
  const says = [{ waitFor: 'agentSpeaking' }, { pauseMs: 1500 }, { say: 'yes' }, { pauseMs: 5000 }, { hangUp: true }];
  const input = { why: 'What the model is told.', caller: { steps: says }, model, faults: [link] };
  return parseWorldScenario(input, sounds);
}

function networkOf(model: object): ModelNetwork {
  const parsed = scenario(model);
  return new ModelNetwork(parsed, new FaultPlan(parsed.faults), seededRandom(1));
}

function connect(network: ModelNetwork, session: number, atMs: number): Delivery[] {
  return network.connect({ type: 'model.connect', session, apiVersion: 'v1beta', apiKey: simulatedKey }, atMs);
}

/** Lets messages arrive, and returns what comes to the service of it. */
function pass(network: ModelNetwork, deliveries: readonly Delivery[]): Delivery[] {
  return deliveries.flatMap((delivery) =>
    delivery.to === 'model' ? network.handle(delivery.connection, delivery.event, delivery.atMs) : [delivery],
  );
}
