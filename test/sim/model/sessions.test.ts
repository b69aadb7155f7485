import { describe, expect, test } from 'vitest';
import { closeReasons } from '../../../src/sim/model/protocol/close-reasons.ts';
import type { ModelService } from '../../../src/sim/model/model-service.ts';
import type { ScriptInput } from '../../../src/sim/model/script/script.ts';
import type { JsonObject } from '../../../src/encoding/json.ts';
import { MachineClient, serviceOf, thinkingSetup } from './machine-client.ts';

const resumable = { sessionResumption: {} };
const talking: ScriptInput = {
  turns: [
    { steps: [{ say: 'short', text: 'Hello.' }] },
    { heard: 'Where is my order?', steps: [{ say: 'short', text: 'On its way.' }] },
    { heard: 'Thank you.', steps: [{ say: 'short', text: 'Goodbye.' }] },
  ],
};

describe('each connection', () => {
  test('has what the script says of it beside what it says of all, and later ones only that', () => {
    const service = serviceOf({
      ...talking,
      latencyMs: 100,
      sessions: [
        { timed: [{ atMs: 6000, step: { close: 'internalError' } }] },
        { latencyMs: 2000, turns: [{ steps: [{ say: 'short', text: 'Where were we?' }] }] },
      ],
    });
    const heard = [1, 2, 3].map(() => {
      const client = new MachineClient(service).open({ outputAudioTranscription: {} });
      client.ask();
      client.run(8000);
      return [client.timeOf('audio'), client.transcript('outputTranscription'), client.closed];
    });
    expect(heard).toEqual([
      [100, 'Hello.', closeReasons.internalError],
      [2000, 'Where were we?', null],
      [100, 'Hello.', null],
    ]);
  });

  test('may be refused at the upgrade with a status, or never answered, and counts all the same', () => {
    const service = serviceOf({
      ...talking,
      sessions: [{ upgrade: 401 }, { upgrade: 503 }, { upgrade: 'never' }, { refuseSetup: 'restarting' }],
    });
    expect([1, 2, 3].map(() => service.arrive())).toEqual([{ upgrade: 401 }, { upgrade: 503 }, { upgrade: 'never' }]);
    expect(new MachineClient(service).open().closed).toEqual(closeReasons.restarting);
    expect(new MachineClient(service).open().closed).toBeNull();
    expect(service.reports().map(({ session }) => session)).toEqual([4, 5]);
  });

  test('may ask for another model, where one is missing, and has the rules of that one', () => {
    const service = serviceOf({ ...talking, missingModels: ['models/gemini-3.8-live'] });
    const first = new MachineClient(service).open();
    expect(first.closed).toEqual({
      code: 1008,
      reason:
        'models/gemini-3.8-live is not found for API version v1beta, or is not supported for bidiGenerateContent.',
    });
    const fallback = new MachineClient(service).open({ model: 'models/gemini-3.1-flash-live-preview' });
    fallback.ask();
    fallback.run(3000);
    expect(fallback.words()).not.toContain('audio');
    fallback.send({ realtimeInput: { text: 'Greet the caller.' } });
    fallback.run(3000);
    expect(fallback.words()).toContain('audio');
  });
});

describe('a resumed session', () => {
  test('goes on where the handle was given, with its context and its history', () => {
    const service = serviceOf({ ...talking, latencyMs: 100 });
    const first = new MachineClient(service).open({ ...resumable, inputAudioTranscription: {} });
    first.ask('Greet the caller.');
    first.run(3000);
    first.speak();
    first.leave();
    const second = resume(service, first.handle());
    second.ask('The line dropped. Go on.');
    second.run(5000);
    expect(second.transcript('outputTranscription')).toBe('Goodbye.');
    expect(second.report.resumes).toBe(1);
    expect(second.report.history.map(({ session, by, text }) => [session, by, text])).toEqual([
      [1, 'client', 'Greet the caller.'],
      [1, 'model', 'Hello.'],
      [1, 'caller', 'Where is my order?'],
      [1, 'model', 'On its way.'],
      [2, 'client', 'The line dropped. Go on.'],
      [2, 'model', 'Goodbye.'],
    ]);
    const bills = first.values('usageMetadata', 'totalTokenCount');
    expect(Number(second.values('usageMetadata', 'promptTokenCount')[0])).toBeGreaterThan(Number(bills.at(-1)));
  });

  test('knows nothing of what came after its handle, and answers it when it is asked again', () => {
    const service = serviceOf({ ...talking, sessions: [{ timed: [{ atMs: 4000, step: { drop: true } }] }] });
    const first = new MachineClient(service).open(resumable);
    first.ask();
    first.run(2500);
    first.speak(900);
    expect(first.closed).toBe('dropped');
    const second = resume(service, first.handle());
    second.run(20_000);
    expect(second.words()).toEqual(['setupComplete']);
    second.ask('The caller spoke. Answer.');
    second.run(3000);
    expect(second.transcript('outputTranscription')).toBe('On its way.');
  });

  test('has the instruction of its own setup, and pays for that one', () => {
    const service = serviceOf(talking);
    const first = new MachineClient(service).open({ ...resumable, ...instruction('Be brief.') });
    first.ask('');
    first.run(3000);
    first.leave();
    const long = `Be brief.${' Yes'.repeat(100)}`;
    const second = resume(service, first.handle(), instruction(long));
    second.ask('');
    second.run(3000);
    expect([first, second].map(({ report }) => report.setup?.systemInstruction)).toEqual(['Be brief.', long]);
    const [before, after] = [first, second].map((client) =>
      Number(client.values('usageMetadata', 'promptTokenCount')[0]),
    );
    // 400 more characters, and the second of audio that was said before.
    expect((after ?? 0) - (before ?? 0)).toBe(100 + 25);
  });

  test('is offered only when nothing is under way: no tool call, and no turn that waits', () => {
    const call = { name: 'look_up', answered: [{ say: 'short', text: 'Found.' }] };
    const tools = [{ functionDeclarations: [{ name: 'look_up', behavior: 'NON_BLOCKING' }] }];
    const client = new MachineClient(serviceOf({ turns: [{ steps: [{ call }, { say: 'short' }] }] }));
    client.open({ ...resumable, tools });
    client.ask();
    client.run(5000);
    expect(client.words()).toContain('turnComplete');
    expect(client.values('sessionResumptionUpdate')).toEqual([{ resumable: false }]);
    client.send(answerTo('function-call-1'));
    client.run(5000);
    expect(client.values('sessionResumptionUpdate').at(-1)).toMatchObject({ resumable: true });
  });
});

describe('a handle', () => {
  test('is refused while its socket is open, which is a violation, to another model, and the second time', () => {
    const { service, client } = spoken();
    const parallel = resume(service, client.handle());
    expect([parallel.closed, parallel.model.violations]).toEqual([
      closeReasons.internalError,
      [{ atMs: 0, rule: 'GM-RESUME-2', what: 'a session was resumed while its socket was open' }],
    ]);
    client.leave();
    const other = resume(service, client.handle(), thinkingSetup);
    expect(other.closed).toEqual(closeReasons.argumentInvalid);
    expect(resume(service, client.handle()).closed).toBeNull();
    expect(resume(service, client.handle()).closed).toEqual(closeReasons.sessionNotFound);
    expect(resume(service, 'invented').closed).toEqual(closeReasons.sessionNotFound);
  });

  test.each([
    ['1008', {}, closeReasons.sessionNotFound],
    ['1007', { deadHandle: 'argumentInvalid' }, closeReasons.argumentInvalid],
  ] as const)('is too old once its time after the end is over: %s', (_code, script, close) => {
    for (const [laterMs, closed] of [
      [60_000, null],
      [60_001, close],
    ] as const) {
      const { service, client } = spoken({ ...script, handleMs: 60_000 });
      client.leave();
      const late = new MachineClient(service);
      late.nowMs = client.nowMs + laterMs;
      late.open({ sessionResumption: { handle: client.handle() } });
      expect(late.closed).toEqual(closed);
    }
  });

  test('may be refused in one session alone, is used up by that, and a fresh session begins anew', () => {
    const { service, client } = spoken({ sessions: [{}, { refuseHandle: 'argumentInvalid' }] });
    client.leave();
    const refused = resume(service, client.handle());
    expect([refused.closed, refused.report.resumes]).toEqual([closeReasons.argumentInvalid, null]);
    expect(resume(service, client.handle()).closed).toEqual(closeReasons.sessionNotFound);
    const fresh = new MachineClient(service).open();
    fresh.ask();
    fresh.run(3000);
    expect(fresh.transcript('outputTranscription')).toBe('Hello.');
    expect(fresh.report).toMatchObject({ session: 4, resumes: null });
  });
});

describe('a fresh session', () => {
  test('begins with the turn that the script says, so that it need not greet', () => {
    const service = serviceOf({ ...talking, sessions: [{}, { firstTurn: 1 }] });
    const texts = [1, 2, 3].map(() => {
      const client = new MachineClient(service).open();
      client.ask();
      client.run(3000);
      return client.transcript('outputTranscription');
    });
    expect(texts).toEqual(['Hello.', 'On its way.', 'Hello.']);
  });

  test('says to a text what the script has for it, and otherwise what comes next', () => {
    const replies = [
      { to: 'goodbye', turn: { steps: [{ say: 'short', text: 'Farewell.' }] } },
      { to: 'still there', turn: { steps: [{ say: 'short', text: 'I am here.' }] } },
    ];
    const client = new MachineClient(serviceOf({ ...talking, replies })).open();
    for (const text of ['Is somebody still there?', 'Greet the caller.', 'Say goodbye.', 'Go on.']) {
      client.ask(text);
      client.run(4000);
    }
    const said = client.report.history.filter(({ by }) => by === 'model').map(({ text }) => text);
    expect(said).toEqual(['I am here.', 'Hello.', 'Farewell.', 'On its way.']);
  });
});

describe('a tool call', () => {
  const call = { name: 'look_up', answered: [{ say: 'short' }] };
  const calling: ScriptInput = { turns: [{ steps: [{ call }] }], repeat: true };

  test('has an id that no other session has, and an answer to that of another is ignored and noted', () => {
    const service = serviceOf(calling);
    const first = new MachineClient(service).open();
    first.ask();
    first.run(2000);
    first.leave();
    const second = new MachineClient(service).open();
    second.ask();
    second.run(2000);
    second.send(answerTo('function-call-1'));
    expect(second.words()).toContain('toolCall');
    expect(second.closed).toBeNull();
    expect(second.model.violations).toEqual([
      { atMs: 2000, rule: 'GM-TOOL-8', what: 'function-call-1 is a call of session 1' },
    ]);
    second.send(answerTo('function-call-2'));
    expect(second.model.violations).toHaveLength(1);
  });
});

describe('the report of a session', () => {
  test('tells how much of the caller arrived, where the speech lay in it, and how the session ended', () => {
    const service = serviceOf({ turns: [], sessions: [{ lifeMs: 5000 }] });
    const client = new MachineClient(service).open();
    client.run(500);
    client.stream(1000, 'silence');
    client.stream(200, 'speech');
    client.stream(100, 'silence');
    client.stream(100, 'speech');
    client.stream(1000, 'silence');
    client.stream(60, 'speech');
    client.run(400);
    client.stream(100, 'silence');
    client.run(2000);
    expect(client.report).toMatchObject({
      session: 1,
      apiVersion: 'v1beta',
      setup: { model: 'models/gemini-3.8-live', systemInstruction: '', handle: null },
      audio: {
        receivedMs: 2560,
        firstAtMs: 520,
        gapMsMax: 420,
        speech: [
          { fromMs: 1000, toMs: 1400 },
          { fromMs: 2400, toMs: 2460 },
        ],
      },
      openedAtMs: 0,
      end: { atMs: 5000, by: closeReasons.deadlineExpired },
    });
  });

  test('says who ended it, and what was said of a turn that was cut off', () => {
    const service = serviceOf({ turns: [{ steps: [{ say: 'long' }] }, {}], latencyMs: 0, speed: 1 });
    const client = new MachineClient(service).open();
    client.ask();
    client.run(3000);
    client.ask('Stop.');
    client.leave();
    expect(client.report.end).toEqual({ atMs: 3000, by: 'client' });
    const said = client.report.history.find(({ by }) => by === 'model')?.text;
    expect(said).toMatch(/^A long story with many/);
    expect(said).not.toContain('ends.');
  });
});

/** A session that has greeted, and its service. */
function spoken(script: Partial<ScriptInput> = {}): { service: ModelService; client: MachineClient } {
  const service = serviceOf({ ...talking, ...script });
  const client = new MachineClient(service).open(resumable);
  client.ask();
  client.run(3000);
  return { service, client };
}

function resume(service: ModelService, handle: string, setup: JsonObject = {}): MachineClient {
  return new MachineClient(service).open({ sessionResumption: { handle }, ...setup });
}

function answerTo(id: string): JsonObject {
  return { toolResponse: { functionResponses: [{ id, name: 'look_up', response: { result: 'Shipped.' } }] } };
}

function instruction(text: string): JsonObject {
  return { systemInstruction: { role: 'user', parts: [{ text }] } };
}
