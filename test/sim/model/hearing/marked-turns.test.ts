import { describe, expect, test } from 'vitest';
import type { ScriptInput } from '../../../../src/sim/model/script/script.ts';
import { liveModel, MachineClient, serviceOf } from '../machine-client.ts';

const flash31 = 'models/gemini-3.1-flash-live-preview';
const native25 = 'models/gemini-2.5-flash-native-audio-preview-12-2025';
const manual = { realtimeInputConfig: { automaticActivityDetection: { disabled: true } }, inputAudioTranscription: {} };
const turns = [
  { heard: 'Where is my order?', steps: [{ say: 'short' }] },
  { heard: 'And the other one?', steps: [{ say: 'long' }] },
  { heard: 'Thank you.', steps: [{ say: 'short', text: 'You are welcome.' }] },
];
const refusal = { code: 1007, reason: 'Request contains an invalid argument.' };

describe('a turn that the client marks', () => {
  test('is refused by its reason where the service detects speech', () => {
    for (const signal of ['activityStart', 'activityEnd']) {
      const client = opened({}, {});
      client.send({ realtimeInput: { [signal]: {} } });
      expect(client.closed).toEqual({
        code: 1007,
        reason: 'Explicit activity control is not supported when automatic activity detection is enabled.',
      });
    }
  });

  test.each([liveModel, flash31, native25])('is the audio between its marks: %s', (model) => {
    const client = opened({}, { model, ...manual });
    client.stream(1000, 'speech');
    turn(client, 400);
    client.stream(1000, 'speech');
    expect(client.words()).toContain('audio');
    expect(client.model.audioReceived().length).toBe(400 * 32);
    expect(client.report.violations).toEqual([]);
  });

  test('has no transcript before its end', () => {
    const client = opened();
    client.send({ realtimeInput: { activityStart: {} } });
    client.stream(5000, 'speech');
    expect(client.words()).toEqual(['setupComplete']);
    const endMs = client.nowMs;
    client.send({ realtimeInput: { activityEnd: {} } });
    client.run(1000);
    expect(client.timeOf('inputTranscription')).toBeGreaterThan(endMs);
    expect(client.transcript('inputTranscription')).toBe('Where is my order?');
  });

  test('leaves the session silent where its end never comes, however long the caller is quiet', () => {
    const client = opened();
    client.send({ realtimeInput: { activityStart: {} } });
    client.stream(400, 'speech');
    client.stream(20_000, 'silence');
    expect(client.words()).toEqual(['setupComplete']);
  });

  test('does not begin twice, nor end twice', () => {
    for (const signals of [
      ['activityStart', 'activityStart'],
      ['activityEnd'],
      ['activityStart', 'activityEnd', 'activityEnd'],
    ]) {
      const client = opened();
      for (const signal of signals) client.send({ realtimeInput: { [signal]: {} } });
      expect(client.closed).toEqual(refusal);
    }
  });

  test('is nothing that a resumed session knows of', () => {
    const service = serviceOf({ turns, latencyMs: 0 });
    const first = new MachineClient(service).open({ ...manual, sessionResumption: {} });
    first.run(0);
    turn(first, 400);
    first.run(5000);
    first.send({ realtimeInput: { activityStart: {} } });
    first.stream(400, 'speech');
    first.leave();
    const second = new MachineClient(service);
    second.nowMs = first.nowMs;
    second.open({ ...manual, sessionResumption: { handle: first.handle() } });
    second.run(0);
    expect(second.report.resumes).toBe(1);
    second.stream(400, 'speech');
    expect(second.report.audio.speech).toEqual([]);
    second.send({ realtimeInput: { activityEnd: {} } });
    expect(second.closed).toEqual(refusal);
  });

  test('has no audioStreamEnd', () => {
    const client = opened();
    client.send({ realtimeInput: { audioStreamEnd: true } });
    expect(client.closed).toEqual(refusal);
  });

  test('may not have audio before and after it where the script says so', () => {
    const client = opened({ audioOutsideActivity: 'refused' });
    turn(client, 400);
    expect(client.closed).toBeNull();
    client.stream(20, 'silence');
    expect(client.closed).toEqual(refusal);
  });

  test('is a sentence that nobody said where there is next to nothing in it, and a fault of the client', () => {
    const client = opened();
    client.send({ realtimeInput: { activityStart: {} } });
    client.stream(600, 'silence');
    client.stream(60, 'speech');
    client.send({ realtimeInput: { activityEnd: {} } });
    client.run(2000);
    expect(client.transcript('inputTranscription')).toBe('Thank you very much, that is all.');
    expect(client.words()).toContain('audio');
    expect(client.report.violations).toMatchObject([{ rule: 'GM-VAD-7', what: 'a turn held 60 ms of speech' }]);
  });
});

describe('text and a turn that the client marks', () => {
  test.each([
    [liveModel, { realtimeInput: { text: 'Hello?' } }],
    [flash31, { realtimeInput: { text: 'Hello?' } }],
    [liveModel, { clientContent: { turns: [{ role: 'user', parts: [{ text: 'Hello?' }] }], turnComplete: true } }],
  ])('%s refuses %j inside', (model, message) => {
    const client = opened({}, { model, ...manual });
    client.send({ realtimeInput: { activityStart: {} } });
    client.send(message);
    expect(client.closed).toEqual(refusal);
  });

  test('ends it on 2.5, which answers that and refuses the end of what is over', () => {
    const client = opened({}, { model: native25, ...manual });
    client.send({ realtimeInput: { activityStart: {} } });
    client.stream(200, 'speech');
    client.send({ realtimeInput: { text: 'Hello?' } });
    client.run(5000);
    expect(client.words()).toContain('turnComplete');
    client.send({ realtimeInput: { activityEnd: {} } });
    expect(client.closed).toEqual(refusal);
  });

  test('may come before and after it, each a turn of its own', () => {
    const client = opened();
    client.send({ realtimeInput: { text: 'Hello?' } });
    client.run(5000);
    turn(client, 200);
    client.run(10_000);
    client.send({ realtimeInput: { text: 'Are you there?' } });
    client.run(5000);
    expect(client.closed).toBeNull();
    expect(client.words().filter((word) => word === 'turnComplete')).toHaveLength(3);
  });
});

describe('a turn that the client begins while the model speaks', () => {
  test.each([
    [null, ['audio', 'interrupted', 'turnComplete', 'usageMetadata']],
    ['interrupts', ['audio', 'interrupted', 'turnComplete', 'usageMetadata']],
    ['isIgnored', ['audio', 'generationComplete', 'turnComplete', 'usageMetadata']],
  ] as const)('%s: brings %j, and its answer', (activityStart, words) => {
    const client = speaking({ activityStart }, { realtimeInputConfig: manual.realtimeInputConfig });
    client.run(200);
    turn(client, 400);
    client.run(12_000);
    expect(client.words().slice(1, 5)).toEqual(words);
    expect(client.transcript('outputTranscription')).toContain('You are welcome.');
  });

  test('does not interrupt it with NO_INTERRUPTION', () => {
    const realtimeInputConfig = { ...manual.realtimeInputConfig, activityHandling: 'NO_INTERRUPTION' };
    const client = speaking({}, { realtimeInputConfig });
    turn(client, 400);
    client.run(12_000);
    expect(client.words()).not.toContain('interrupted');
    expect(client.values('serverContent', 'turnComplete')).toHaveLength(2);
  });

  test.each([
    ['interrupts', true],
    ['tellsLate', true],
    ['swallows', false],
  ] as const)('behind generationComplete, %s: the answer comes: %s', (activityBehindGeneration, isAnswered) => {
    const client = speaking({ activityBehindGeneration });
    client.run(3000);
    expect(client.words()).toContain('generationComplete');
    client.send({ realtimeInput: { activityStart: {} } });
    client.stream(400, 'speech');
    const endMs = client.nowMs;
    client.send({ realtimeInput: { activityEnd: {} } });
    client.run(12_000);
    const interruptedMs = client.timeOf('interrupted') ?? 0;
    // The late ones arrive when the client waits for the end of its own turn's answer.
    expect(interruptedMs >= endMs).toBe(activityBehindGeneration !== 'interrupts');
    expect(client.timeOf('turnComplete')).toBe(interruptedMs);
    expect(client.transcript('outputTranscription').includes('You are welcome.')).toBe(isAnswered);
    turn(client, 400);
    client.run(12_000);
    expect(client.transcript('outputTranscription')).toContain('You are welcome.');
  });
});

describe('the answer to a marked turn comes as soon as was measured', () => {
  const tools = [{ functionDeclarations: [{ name: 'look_up' }] }];

  test.each([
    ['My number is', tools, 750],
    ['My number is four.', tools, 2_200],
    ['My number is four.', [], 750],
  ])('after "%s" with %j: %d ms', (heard, declared, latencyMs) => {
    const script = { turns: [{ heard, steps: [{ say: 'short' }] }], answersByPhrase: true };
    const client = opened(script, { ...manual, tools: declared });
    turn(client, 400);
    const endMs = client.nowMs;
    client.run(5000);
    expect(client.timeOf('audio')).toBe(endMs + latencyMs);
  });

  test('and one that the service found as soon, its silence counted in', () => {
    const script = { turns: [{ heard: 'My number is', steps: [{ say: 'short' }] }], answersByPhrase: true };
    const automaticActivityDetection = { silenceDurationMs: 600 };
    const client = opened(script, { realtimeInputConfig: { automaticActivityDetection } });
    client.stream(400, 'speech');
    const endMs = client.nowMs;
    client.stream(3000, 'silence');
    expect(client.timeOf('audio')).toBe(endMs + 1_180);
  });

  test('unless the turn has a latency of its own', () => {
    const script = { turns: [{ heard: 'Now.', latencyMs: 40, steps: [{ say: 'short' }] }], answersByPhrase: true };
    const client = opened(script, manual);
    turn(client, 400);
    const endMs = client.nowMs;
    client.run(5000);
    expect(client.timeOf('audio')).toBe(endMs + 40);
  });
});

function opened(script: Partial<ScriptInput> = {}, setup: object = manual): MachineClient {
  const client = new MachineClient(serviceOf({ turns, latencyMs: 0, ...script })).open({ ...setup });
  client.run(0);
  return client;
}

/** The model has begun its long story. */
function speaking(script: Partial<ScriptInput>, setup: object = manual): MachineClient {
  const client = opened({ ...script, firstTurn: 1 }, setup);
  client.send({ realtimeInput: { text: 'Tell me of the other one.' } });
  client.run(500);
  return client;
}

/** A whole turn of the caller. */
function turn(client: MachineClient, speechMs: number): void {
  client.send({ realtimeInput: { activityStart: {} } });
  client.stream(speechMs, 'speech');
  client.send({ realtimeInput: { activityEnd: {} } });
}
