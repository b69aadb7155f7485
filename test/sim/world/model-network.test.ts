import { describe, expect, test } from 'vitest';
import { simulateCall } from '../../../src/sim/run/call.ts';
import { sounds } from '../../../src/sim/run/seed.ts';
import { seededRandom } from '../../../src/sim/seeded-random.ts';
import { FaultPlan } from '../../../src/sim/faults/fault-plan.ts';
import type { Delivery } from '../../../src/sim/world/delivery.ts';
import { ModelNetwork } from '../../../src/sim/world/model-network.ts';
import { simulatedKey } from '../../../src/sim/world/simulated-sessions.ts';
import { parseWorldScenario, type WorldScenario } from '../../../src/sim/scenario/world-scenario.ts';

const link = { fault: 'latency', link: 'model', ms: 50, jitterMs: 0 } as const;
const greeting = { steps: [{ say: 'hello' }] };
const setup = { type: 'message.received', message: { setup: { model: 'models/gemini-3.8-live' } } } as const;
const early = { type: 'message.received', message: { realtimeInput: {} } } as const;
const greetNow = { type: 'message.received', message: { realtimeInput: { text: 'Greet the caller.' } } } as const;

describe('a connection to the model', () => {
  test.each([
    [503, [{ atMs: 100, to: 'service', event: { type: 'model.refused', session: 1, status: 503 } }]],
    ['never', []],
  ] as const)('whose upgrade comes to %s tells the service so: %j', (upgrade, news) => {
    const network = networkOf({ turns: [greeting], sessions: [{ upgrade }] });
    expect(connect(network, 1, 0)).toEqual(news);
    expect(connect(network, 2, 1000)).toMatchObject([
      { atMs: 1050, to: 'model', connection: 2, event: { type: 'socket.opened' } },
      { atMs: 1100, to: 'service', event: { type: 'model.connected', session: 2 } },
    ]);
  });

  test('that is left is closed at the other end, which says so, while another one is entered', () => {
    const network = networkOf({ turns: [greeting], setupMs: 0 });
    pass(network, [...connect(network, 1, 0), ...network.send(1, setup, 0)]);
    // The service leaves and enters in one moment.
    const leaving = network.close(1, 1000);
    const entering = [...connect(network, 2, 1000), ...network.send(2, setup, 1000)];
    expect(pass(network, [...leaving, ...entering])).toMatchObject([
      { to: 'service', atMs: 1100, event: { type: 'model.closed', session: 1, code: 1000 } },
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

  test('that is cut, or whose service is gone, brings nothing back', () => {
    const network = networkOf({ turns: [greeting], setupMs: 0 });
    pass(network, [...connect(network, 1, 0), ...network.send(1, setup, 0), ...connect(network, 2, 0)]);
    expect(pass(network, network.drop(1, 1000))).toEqual([]);
    expect(pass(network, network.crash(1000))).toEqual([]);
    expect(network.reports().map(({ end }) => end)).toEqual([
      { atMs: 1050, by: 'client' },
      { atMs: 1050, by: 'client' },
    ]);
  });

  test('that is choked takes nothing, brings nothing, and says how much waits', () => {
    const network = networkOf({ turns: [greeting], setupMs: 0 });
    pass(network, [...connect(network, 1, 0), ...network.send(1, setup, 0)]);
    expect(network.choke(1000)).toMatchObject([{ event: { type: 'model.choked', session: 1 } }]);
    expect(network.send(1, early, 1000)).toEqual([]);
    expect(network.handle(1, { type: 'tick' }, 1100)).toEqual([]);
  });

  test.each([
    [false, ['the model got no answer to function-call-1 in time']],
    [true, []],
  ])('that is choked (%s) is owed no answers to its tool calls', (isChoked, broken) => {
    const call = { name: 'lookup_record', args: { query: 'A1042' } };
    const network = networkOf({ turns: [{ steps: [{ call }] }], setupMs: 0 });
    pass(network, [...connect(network, 1, 0), ...network.send(1, setup, 0), ...network.send(1, greetNow, 1000)]);
    for (let atMs = 1050; atMs <= 5000; atMs += 50) network.handle(1, { type: 'tick' }, atMs);
    if (isChoked) network.choke(5000);
    network.handle(1, { type: 'tick' }, 60_000);
    expect(network.broken()).toEqual(broken);
  });

  // Nothing got through to the model for 2.3 s, the answer to a tool call among it. It had set out in time, and counted as missing.
  test('that stalls is owed answers by when they set out, and calls have their time from when they arrive', () => {
    const call = { name: 'order_taxi', args: { what: 'two' } };
    const answer = { functionResponses: [{ id: 'function-call-1', name: 'order_taxi', response: {} }] };
    const stalls = [
      { fault: 'stall', link: 'modelOut', atMs: 1_500, forMs: 3_000 },
      { fault: 'stall', link: 'modelIn', atMs: 7_500, forMs: 3_000 },
    ];
    const network = networkOf({ turns: [{ steps: [{ call }] }], setupMs: 0 }, stalls);
    pass(network, [...connect(network, 1, 0), ...network.send(1, setup, 0), ...network.send(1, greetNow, 1000)]);
    const called = ticked(network, 1_050, 5_000).find(({ atMs }) => atMs === 4_500);
    expect(called).toMatchObject({ to: 'service', event: { text: expect.stringContaining('order_taxi') } });
    const answered = network.send(1, { type: 'message.received', message: { toolResponse: answer } }, 7_500);
    expect(answered).toMatchObject([{ atMs: 10_500 }]);
    ticked(network, 5_050, 10_450);
    pass(network, answered);
    expect(network.broken()).toEqual([]);
  });

  test('that breaks a rule is found, also when another came after it', () => {
    const network = networkOf({ turns: [greeting] });
    pass(network, [...connect(network, 1, 0), ...network.send(1, setup, 0), ...network.send(1, early, 0)]);
    pass(network, [...network.close(1, 1000), ...connect(network, 2, 1000)]);
    expect(network.broken()).toEqual(['the model saw GM-SETUP-2 broken: realtimeInput was sent before setupComplete']);
  });
});

test('a simulated call tells what each session of the model was told', () => {
  const { modelSessions } = simulateCall(scenario({ turns: [greeting], sessions: [{ lifeMs: 4000 }] }));
  const [first] = modelSessions;
  expect(first?.setup).toMatchObject({
    model: 'models/gemini-3.8-live',
    systemInstruction: expect.stringMatching(/./),
  });
  expect(first?.history[0]).toMatchObject({ session: 1, by: 'client' });
  expect(first?.end?.by).toEqual({ code: 1011, reason: 'Deadline expired before operation could complete.' });
  expect(first?.audio.speech.length).toBeGreaterThan(0);
});

function scenario(model: object, stalls: readonly object[] = []): WorldScenario {
  const says = [{ waitFor: 'agentSpeaking' }, { pauseMs: 1500 }, { say: 'yes' }, { pauseMs: 5000 }, { hangUp: true }];
  const input = { why: 'What the model is told.', caller: { steps: says }, model, faults: [link, ...stalls] };
  return parseWorldScenario(input, sounds);
}

/** What the model sends by itself in so long a time. */
function ticked(network: ModelNetwork, fromMs: number, toMs: number): Delivery[] {
  const moments = Array.from({ length: (toMs - fromMs) / 50 + 1 }, (_, at) => fromMs + 50 * at);
  return moments.flatMap((atMs) => network.handle(1, { type: 'tick' }, atMs));
}

function networkOf(model: object, stalls: readonly object[] = []): ModelNetwork {
  const parsed = scenario(model, stalls);
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
