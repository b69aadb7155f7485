import { expect, test } from 'vitest';
import { sounds } from '../../../src/sim/run/seed.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';
import type { CarrierNote } from '../../../src/sim/carrier/carrier-events.ts';
import { World } from '../../../src/sim/world/world.ts';
import type { WorldReport } from '../../../src/sim/world/world-parts.ts';
import type { ServiceEffect, ServiceEvent, ServiceMachine } from '../../../src/sim/world/service-machine.ts';
import { parseWorldScenario, type WorldScenarioInput } from '../../../src/sim/scenario/world-scenario.ts';

const publicUrl = 'https://parley.example';
const overrides = '#rc=5&rp=ct,5xx&ct=2000';
const killed = { fault: 'serviceKilled', atMs: 2000, downMs: 3000 } as const;
const stays: WorldScenarioInput = {
  why: 'The service is killed.',
  caller: { steps: [{ pauseMs: 15_000 }, { hangUp: true }] },
  model: { turns: [] },
};

test('a service that comes back while Twilio still tries takes the call again', () => {
  const { services, notes } = play({ ...stays, faults: [{ ...killed, meanwhile: 'silent' }] });
  expect(notes.filter(({ kind }) => kind === 'stream.started')).toHaveLength(2);
  expect(services).toHaveLength(2);
  expect(services[1]?.requests.map(({ path }) => path)).toEqual(['/twilio/stream-ended', '/twilio/status']);
  expect(notes).toContainEqual(expect.objectContaining({ kind: 'stream.ended', by: 'serverClosed', code: 1006 }));
  expect(notes.filter(({ kind }) => kind === 'webhook.retried')).toMatchObject([
    { atMs: 4020, purpose: 'connectAction', detail: 'no connection in 2000 ms' },
    { atMs: 6020, purpose: 'connectAction' },
  ]);
  expect(notes.at(-1)).toMatchObject({ kind: 'webhook.answered', purpose: 'callStatus' });
});

test.for([
  ['refused', 'no connection', 11205],
  ['badGateway', 'status 502', 11200],
] as const)(
  'one whose address says %s uses up the retries at once, and Twilio ends the call',
  ([meanwhile, detail, code]) => {
    const { services, notes } = play({ ...stays, faults: [{ ...killed, meanwhile }] });
    expect(notes.filter((note) => note.kind === 'webhook.retried')).toMatchObject(
      Array.from({ length: 5 }, () => ({ detail })),
    );
    expect(notes).toContainEqual(expect.objectContaining({ kind: 'problem', code }));
    expect(notes).toContainEqual(expect.objectContaining({ kind: 'call.ended', reason: 'applicationError' }));
    expect(services[1]?.requests.map(({ path }) => path)).toEqual(['/twilio/status']);
  },
);

test('the fallback takes the call of a service that is down', () => {
  const fallbackTwiml =
    '<Response><Say>Please hold.</Say><Redirect>https://parley.example/twilio/voice</Redirect></Response>';
  const { services, notes } = play({ ...stays, faults: [{ ...killed, downMs: 500 }], number: { fallbackTwiml } });
  expect(notes.filter((note) => note.kind === 'verb.say')).toMatchObject([{ text: 'Please hold.' }]);
  expect(services[1]?.requests[0]).toMatchObject({ path: '/twilio/voice' });
});

test('a call that comes while nobody is there is taken by the service that starts meanwhile', () => {
  const down = { fault: 'serviceKilled', atMs: 0, downMs: 3000, meanwhile: 'silent' } as const;
  const { services, notes } = play({ ...stays, faults: [down], number: { voiceOverrides: overrides } });
  expect(services[0]?.requests).toEqual([]);
  expect(services[1]?.requests[0]).toMatchObject({ path: '/twilio/voice' });
  expect(notes).toContainEqual(expect.objectContaining({ kind: 'stream.started' }));
});

test('a service that is restarted ends by itself, and what it has answered is carried out before the next one is asked', () => {
  const restarted = { fault: 'serviceRestarted', atMs: 2000, downMs: 1500 } as const;
  const { services, notes, report } = play({ ...stays, faults: [restarted] });
  expect(report.broken).toEqual([]);
  expect(services.map(({ requests }) => requests.map(({ path }) => path))).toEqual([
    ['/twilio/voice', '/twilio/stream-ended'],
    ['/twilio/stream-ended', '/twilio/status'],
  ]);
  expect(notes).toContainEqual(expect.objectContaining({ kind: 'stream.ended', by: 'serverClosed', code: 1001 }));
  expect(notes.filter(({ kind }) => kind === 'webhook.retried')).toEqual([]);
});

test('what was on its way to a service that was killed does not reach the next one', () => {
  const { services } = play({ ...stays, faults: [{ ...killed, atMs: 2010, downMs: 1, meanwhile: 'silent' }] });
  const [first, second] = services;
  expect(streamSids(first).size).toBe(1);
  expect([...streamSids(second)].filter((streamSid) => streamSids(first).has(streamSid))).toEqual([]);
  expect(second?.events.some(({ type }) => type === 'model.received')).toBe(false);
});

test('a socket whose service is killed while the handshake is answered is open, and then gone', () => {
  const latency = { fault: 'latency', link: 'media', ms: 200, jitterMs: 0 } as const;
  const { notes } = play({ ...stays, faults: [latency, { ...killed, atMs: 150, meanwhile: 'silent' }] });
  const ofStreams = notes.filter(({ kind }) => kind === 'stream.started' || kind === 'stream.ended');
  expect(ofStreams.slice(0, 2)).toMatchObject([{ kind: 'stream.started' }, { kind: 'stream.ended', code: 1006 }]);
  expect(ofStreams[1]?.atMs).toBe(ofStreams[0]?.atMs);
});

test('what a restored service does first is done', () => {
  const restored: number[] = [];
  const { services } = play(
    { ...stays, faults: [{ ...killed, meanwhile: 'silent' }] },
    {
      restored: (_service, atMs) => {
        restored.push(atMs);
        const path = `/2010-04-01/Accounts/AC${'0'.repeat(32)}/Calls.json`;
        return [{ type: 'rest.request', id: 7, request: { method: 'GET', path, form: new URLSearchParams() } }];
      },
    },
  );
  expect(restored).toEqual([5000]);
  expect(services[1]?.events).toContainEqual(
    expect.objectContaining({
      type: 'rest.responded',
      id: 7,
      status: 200,
      body: expect.objectContaining({ calls: [expect.objectContaining({ status: 'in-progress' })] }),
    }),
  );
});

test('a service that forgets its calls when it is killed leaves them in silence, and that is found out', () => {
  const { report } = play({ ...stays, faults: [{ ...killed, meanwhile: 'silent' }] }, { forgets: true });
  expect(report.broken).toEqual(['the call ended in silence (documentEnded)']);
});

test('a caller who hangs up while nobody is there leaves nothing behind that would be a fault', () => {
  const script = { steps: [{ pauseMs: 2500 }, { hangUp: true }] } as const;
  const { report } = play({ ...stays, caller: script, faults: [{ ...killed, meanwhile: 'silent' }] });
  expect(report.broken).toEqual([]);
});

test('a half-open stream is told to the service half a minute late', () => {
  const script = { steps: [{ pauseMs: 60_000 }, { hangUp: true }] } as const;
  const { services } = play({ ...stays, caller: script, faults: [{ fault: 'streamHalfOpen', atMs: 2000 }] });
  expect(services[0]?.closedAtMs).toEqual([32_000, expect.any(Number)]);
  expect(services[0]?.requests[1]).toMatchObject({ path: '/twilio/stream-ended' });
});

test('a service that orders a conference by REST is there with the caller, and hears what becomes of it', () => {
  const document =
    '<Response><Dial action="https://parley.example/after"><Conference>room</Conference></Dial></Response>';
  const people = { '+15550100': { type: 'answered', ringMs: 1000, talkMs: 2000 } } as const;
  const { services, notes } = play(
    { ...stays, dialOutcomes: people, faults: [] },
    {
      alsoDoes: (event): ServiceEffect[] => {
        if (event.type === 'stream.received' && event.frames.join().includes('"chunk":"50"')) {
          return [{ type: 'rest.update', twiml: document }];
        }
        if (event.type !== 'rest.answered') return [];
        const path = `/2010-04-01/Accounts/AC${'0'.repeat(32)}/Conferences/room/Participants.json`;
        const form = new URLSearchParams({
          From: '+15550199',
          To: '+15550100',
          EndConferenceOnExit: 'true',
          StatusCallback: `${publicUrl}/human`,
          StatusCallbackEvent: 'answered completed',
        });
        return [{ type: 'rest.request', id: 1, request: { method: 'POST', path, form } }];
      },
    },
  );
  expect(services[0]?.events).toContainEqual(expect.objectContaining({ type: 'rest.responded', status: 201 }));
  expect(services[0]?.requests.map(({ path, fields }) => [path, fields['CallStatus']])).toEqual([
    ['/twilio/voice', 'ringing'],
    ['/human', 'in-progress'],
    ['/human', 'completed'],
    ['/after', 'in-progress'],
    ['/twilio/status', 'completed'],
  ]);
  expect(notes).toContainEqual(expect.objectContaining({ kind: 'dial.ended', to: 'room', bridged: true }));
});

function streamSids(service: Answering | undefined): Set<string> {
  return new Set(service?.events.flatMap((event) => ('streamSid' in event ? [event.streamSid] : [])));
}

type Answer = (event: ServiceEvent) => readonly ServiceEffect[];

/** A service that keeps nothing in its head: it answers every question with a stream, and writes down what reaches it. */
class Answering implements ServiceMachine {
  readonly events: ServiceEvent[] = [];
  readonly closedAtMs: number[] = [];
  readonly #alsoDoes: Answer;
  readonly #isEmpty: boolean;
  /** It hands its call over, and ends when it was asked about it. */
  #isRestarting = false;

  /** `isEmpty`: every answer is an empty document. */
  constructor(alsoDoes: Answer, isEmpty: boolean) {
    this.#alsoDoes = alsoDoes;
    this.#isEmpty = isEmpty;
  }

  get requests(): Extract<ServiceEvent, { type: 'http.requested' }>[] {
    return this.events.filter((event) => event.type === 'http.requested');
  }

  handle(event: ServiceEvent, atMs: number): readonly ServiceEffect[] {
    this.events.push(event);
    if (event.type === 'stream.closed') this.closedAtMs.push(atMs);
    if (event.type === 'service.restarting') return this.#handOver();
    if (event.type !== 'http.requested') return this.#alsoDoes(event);
    const { id, path } = event;
    if (this.#isRestarting) return [answer(id, askAgain), { type: 'service.stopped' }];
    const isQuestion = !this.#isEmpty && path.startsWith('/twilio/') && path !== '/twilio/status';
    const action = `${publicUrl}/twilio/stream-ended${overrides.replaceAll('&', '&amp;')}`;
    const stream = `<Connect action="${action}"><Stream url="wss://parley.example/twilio/media"/></Connect>`;
    return [answer(id, isQuestion ? stream : path === '/after' ? '<Hangup/>' : '')];
  }

  #handOver(): ServiceEffect[] {
    this.#isRestarting = true;
    return [...streamSids(this)].map((streamSid) => ({ type: 'stream.close', streamSid, code: 1001 }));
  }

  nextDeadline(): number | null {
    return null;
  }
}

const askAgain = `<Pause length="4"/><Redirect>${publicUrl}/twilio/stream-ended</Redirect>`;

function answer(id: number, verbs: string): ServiceEffect {
  const body = `<Response>${verbs}</Response>`;
  return { type: 'http.answer', id, answer: { status: 200, contentType: 'text/xml', location: null, body } };
}

interface PlayOptions {
  readonly restored?: (service: ServiceMachine, atMs: number) => readonly ServiceEffect[];
  readonly alsoDoes?: Answer;
  /** Whether every service but the first answers nothing. */
  readonly forgets?: boolean;
}

function play(
  input: WorldScenarioInput,
  { restored, alsoDoes = () => [], forgets = false }: PlayOptions = {},
): { readonly services: readonly Answering[]; readonly notes: readonly CarrierNote[]; readonly report: WorldReport } {
  const services: Answering[] = [];
  const notes: CarrierNote[] = [];
  const world = new World({
    scenario: parseWorldScenario(input, sounds),
    codec: mulawCodec,
    makeService: () => {
      const service = new Answering(alsoDoes, forgets && services.length > 0);
      services.push(service);
      return service;
    },
    ...(restored && { restored }),
    observer: { onNote: (note) => void notes.push(note), onStep: () => undefined, onFault: () => undefined },
  });
  const report = world.run();
  return { services, notes, report };
}
