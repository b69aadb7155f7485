import { describe, expect, test } from 'vitest';
import type { JsonObject } from '../../../src/encoding/json.ts';
import type { ScriptInput } from '../../../src/sim/model/script/script.ts';
import { MachineClient, thinkingSetup } from './machine-client.ts';

const id = 'function-call-1';
const answer = { id, name: 'look_up', response: { result: 'Shipped on Monday.' } };
const turnEnd = ['generationComplete', 'turnComplete', 'usageMetadata'];

describe('a blocking call', () => {
  const script: ScriptInput = {
    turns: [
      { steps: [{ call: { name: 'look_up', args: { query: 'A1042' } } }, { say: 'short' }] },
      { steps: [{ say: 'short' }] },
    ],
  };

  test('keeps the model silent until its answer', () => {
    const client = openedWith(script, 'BLOCKING');
    client.ask();
    client.run(8000);
    expect(client.words()).toEqual(['setupComplete', 'toolCall']);
    expect(client.values('toolCall', 'functionCalls')).toEqual([[{ id, name: 'look_up', args: { query: 'A1042' } }]]);
    answerWith(client, answer);
    client.run(5000);
    expect(client.words().slice(2)).toEqual(['audio', ...turnEnd]);
    expect(client.model.violations).toEqual([]);
  });

  test('is cancelled when the caller speaks, and an answer to it does no harm', () => {
    const client = openedWith(script, 'BLOCKING');
    client.ask();
    client.run(2000);
    client.stream(400, 'speech');
    expect(client.words()).toEqual([
      'setupComplete',
      'toolCall',
      'interrupted',
      'toolCallCancellation',
      'turnComplete',
      'usageMetadata',
    ]);
    expect(client.values('toolCallCancellation', 'ids')).toEqual([[id]]);
    answerWith(client, answer);
    client.stream(3000, 'silence');
    client.run(3000);
    expect(client.words().slice(6)).toEqual(['audio', ...turnEnd]);
    expect(client.model.violations).toEqual([]);
  });

  test('waits for all answers when several calls came in one message', () => {
    const call = [{ name: 'look_up' }, { name: 'look_up' }];
    const client = openedWith({ turns: [{ steps: [{ call }, { say: 'short' }] }] }, 'BLOCKING');
    client.ask();
    client.run(2000);
    answerWith(client, answer);
    client.run(5000);
    expect(client.words()).not.toContain('audio');
    answerWith(client, { ...answer, id: 'function-call-2' });
    client.run(5000);
    expect(client.words()).toContain('audio');
  });
});

describe('a non-blocking call', () => {
  const call = { name: 'look_up', answered: [{ say: 'short', text: 'The result.' }] };
  const script: ScriptInput = { turns: [{ steps: [{ call }, { say: 'long' }] }], latencyMs: 500 };

  test('lets the model talk on, and its answer is spoken once the model is idle', () => {
    const client = openedWith(script, 'NON_BLOCKING');
    client.ask();
    client.run(1000);
    answerWith(client, answer);
    client.run(20_000);
    expect(client.words().slice(1)).toEqual(['toolCall', 'audio', ...turnEnd, 'audio', ...turnEnd]);
    expect(client.transcript('outputTranscription')).toMatch(/before it ends\.The result\.$/);
  });

  test('answered with INTERRUPT cuts the model off, but not the caller', () => {
    const cutting = openedWith(script, 'NON_BLOCKING');
    cutting.ask();
    cutting.run(1000);
    answerWith(cutting, { ...answer, scheduling: 'INTERRUPT' });
    cutting.run(5000);
    expect(cutting.words().slice(1, 6)).toEqual(['toolCall', 'audio', 'interrupted', 'turnComplete', 'usageMetadata']);
    expect(cutting.words().slice(6)).toEqual(['audio', ...turnEnd]);
    const polite = openedWith(script, 'NON_BLOCKING');
    polite.ask();
    polite.run(20_000);
    polite.stream(400, 'speech');
    answerWith(polite, { ...answer, scheduling: 'INTERRUPT' });
    polite.stream(3000, 'speech');
    expect(polite.values('serverContent', 'turnComplete')).toHaveLength(1);
    polite.stream(4000, 'silence');
    expect(polite.values('serverContent', 'turnComplete')).toHaveLength(2);
  });

  test('answered with SILENT gives no speech', () => {
    const client = openedWith(script, 'NON_BLOCKING');
    client.ask();
    client.run(20_000);
    const before = client.received.length;
    answerWith(client, { ...answer, scheduling: 'SILENT' });
    client.run(20_000);
    expect(client.received).toHaveLength(before);
  });

  test('whose result the caller talks over before it is spoken is spoken after the next answer', () => {
    const client = openedWith(
      { ...script, turns: [{ steps: [{ call }] }, { steps: [{ say: 'short', text: 'Yes. ' }] }] },
      'NON_BLOCKING',
    );
    client.ask();
    client.run(2000);
    answerWith(client, answer);
    client.run(100);
    speak(client);
    client.run(5000);
    expect(client.transcript('outputTranscription')).toBe('Yes. The result.');
  });

  test('survives an interruption', () => {
    const client = openedWith(script, 'NON_BLOCKING');
    client.ask();
    client.run(1000);
    client.stream(400, 'speech');
    expect(client.words()).not.toContain('toolCallCancellation');
    answerWith(client, answer);
    client.stream(4000, 'silence');
    expect(client.transcript('outputTranscription')).toContain('The result.');
  });

  test('of extended thinking comes after the end of a turn in which nothing was said, and the end of the work is told once', () => {
    const turns = [{ steps: [{ call: { name: 'look_up', answered: [{ say: 'short' }] } }] }];
    const client = openedWith({ turns }, 'NON_BLOCKING', thinkingSetup);
    client.run(5000);
    expect(client.words()).toEqual(['setupComplete', 'turnComplete', 'interactionStatus', 'usageMetadata', 'toolCall']);
    answerWith(client, answer);
    client.run(5000);
    expect(client.words().slice(5)).toEqual([
      'audio',
      'generationComplete',
      'turnComplete',
      'interactionStatus',
      'usageMetadata',
    ]);
    expect(client.values('serverContent', 'interactionStatus')).toEqual(['IN_PROGRESS', 'IDLE']);
  });

  test('of extended thinking that follows words ends the turn of those words, and bills them once', () => {
    const steps = [{ say: 'short' }, { call: { name: 'look_up' } }, { say: 'short' }];
    const client = openedWith({ turns: [{ steps }] }, 'NON_BLOCKING', thinkingSetup);
    client.run(9000);
    expect(client.values('serverContent', 'turnComplete')).toHaveLength(2);
    expect(client.values('usageMetadata', 'responseTokenCount')).toEqual([25, 25]);
  });

  test('of extended thinking is only spoken of when its parameters are JSON Schema', () => {
    const parametersJsonSchema = { type: 'object', properties: { query: { type: 'string' } } };
    const tools = [{ functionDeclarations: [{ name: 'look_up', parametersJsonSchema }] }];
    const client = new MachineClient({ setupMs: 0, turns: [{ steps: [{ call: { name: 'look_up' } }] }] });
    client.open({ tools, ...thinkingSetup }).run(5000);
    expect(client.values('serverContent', 'modelTurn', 'parts')).toEqual([[{ text: 'I will use look_up.' }]]);
    expect(client.words()).not.toContain('toolCall');
    expect(client.values('serverContent', 'interactionStatus')).toEqual(['IDLE']);
  });

  test('keeps extended thinking in progress until it is answered', () => {
    const client = openedWith({ turns: [{ steps: [{ call: { name: 'look_up' } }] }] }, 'NON_BLOCKING', thinkingSetup);
    client.run(5000);
    expect(client.values('serverContent', 'interactionStatus')).toEqual(['IN_PROGRESS']);
    answerWith(client, answer);
    client.run(5000);
    expect(client.values('serverContent', 'interactionStatus')).toEqual(['IN_PROGRESS', 'IDLE']);
  });
});

describe('an empty answer', () => {
  const steps = [{ call: { name: 'look_up', args: { query: 'A1042' } } }, { say: 'short' }];
  const empties = [{}, { result: null }, { results: [], total: 0 }, { output: { text: '' } }];

  test.each(empties)('like %j makes 3.8 call again, three times, and then go on', (response) => {
    const client = openedWith({ turns: [{ steps }] }, 'BLOCKING');
    client.ask();
    for (let number = 1; number <= 4; number += 1) {
      client.run(2000);
      expect(client.words()).not.toContain('audio');
      expect(client.values('toolCall', 'functionCalls').at(-1)).toEqual([
        { id: `function-call-${number}`, name: 'look_up', args: { query: 'A1042' } },
      ]);
      answerWith(client, { ...answer, id: `function-call-${number}`, response });
    }
    client.run(3000);
    expect(client.values('toolCall')).toHaveLength(4);
    expect(client.words()).toContain('audio');
    expect(client.model.violations).toEqual([]);
  });

  test('to a call that does not block has it made again as well, and its result is spoken once', () => {
    const call = { name: 'look_up', answered: [{ say: 'short', text: 'The result.' }] };
    const client = openedWith({ turns: [{ steps: [{ call }] }] }, 'NON_BLOCKING');
    client.ask();
    client.run(2000);
    answerWith(client, { ...answer, response: {} });
    client.run(2000);
    answerWith(client, { ...answer, id: 'function-call-2' });
    client.run(5000);
    expect(client.transcript('outputTranscription')).toBe('The result.');
  });

  test('is an answer where it is silent, where the call was cancelled, to other models, and where the script says so', () => {
    const silent = openedWith({ turns: [{ steps }] }, 'NON_BLOCKING');
    const cancelled = openedWith({ turns: [{ steps }, {}] }, 'BLOCKING');
    const thinking = openedWith({ turns: [{ steps }] }, 'NON_BLOCKING', thinkingSetup);
    const told = openedWith({ turns: [{ steps }], repeatedCalls: 0 }, 'BLOCKING');
    for (const client of [silent, cancelled, thinking, told]) {
      client.ask();
      client.run(2000);
    }
    cancelled.stream(400, 'speech');
    answerWith(silent, { ...answer, response: {}, scheduling: 'SILENT' });
    for (const client of [cancelled, thinking, told]) answerWith(client, { ...answer, response: {} });
    for (const client of [silent, cancelled, thinking, told]) {
      client.run(3000);
      expect(client.values('toolCall')).toHaveLength(1);
    }
  });
});

describe('the status of extended thinking', () => {
  test('stands inside serverContent, or beside it where the script says so', () => {
    for (const [interactionStatus, inside, beside] of [
      ['inside', ['IDLE'], []],
      ['beside', [], ['IDLE']],
    ] as const) {
      const client = openedWith({ turns: [{}], interactionStatus }, 'NON_BLOCKING', thinkingSetup);
      client.run(3000);
      expect(client.values('serverContent', 'interactionStatus')).toEqual(inside);
      expect(client.values('interactionStatus')).toEqual(beside);
    }
  });
});

describe('an answer', () => {
  const calling: ScriptInput = { turns: [{ steps: [{ call: { name: 'look_up' } }] }, { steps: [{ say: 'short' }] }] };

  test.each([
    ['the name of another function', { ...answer, name: 'other' }],
    ['a response that is no object', { ...answer, response: 'Shipped.' }],
    ['no id', { name: 'look_up', response: {} }],
    ['a scheduling, though the call blocks', { ...answer, scheduling: 'SILENT' }],
    ['a scheduling that does not exist', { ...answer, scheduling: 'IMMEDIATE' }],
    ['the scheduling inside and an unknown field', { ...answer, result: 1 }],
  ])('with %s closes the session', (_, wrong) => {
    const client = openedWith(calling, 'BLOCKING');
    client.ask();
    client.run(2000);
    answerWith(client, wrong);
    expect(client.closed).toMatchObject({ code: 1007 });
  });

  test('beside a second wrong one closes the session once', () => {
    const client = openedWith(calling, 'BLOCKING');
    client.ask();
    client.run(2000);
    client.send({
      toolResponse: {
        functionResponses: [
          { ...answer, name: 'other' },
          { ...answer, name: 'third' },
        ],
      },
    });
    expect(client.closed).toMatchObject({ code: 1007 });
  });

  test('with a scheduling is refused by extended thinking', () => {
    const client = openedWith(calling, 'NON_BLOCKING', thinkingSetup);
    client.run(2000);
    answerWith(client, { ...answer, scheduling: 'WHEN_IDLE' });
    expect(client.closed).toEqual({
      code: 1007,
      reason: 'Function response scheduling is not supported for this model',
    });
  });

  test('to no open call is ignored and noted, and so is the second answer to one', () => {
    const client = openedWith(calling, 'BLOCKING');
    client.ask();
    client.run(2000);
    answerWith(client, { ...answer, id: 'invented' });
    answerWith(client, answer);
    answerWith(client, answer);
    expect(client.closed).toBeNull();
    expect(client.model.violations.map(({ what }) => what)).toEqual([
      'no open call has the id invented',
      `no open call has the id ${id}`,
    ]);
  });

  test('that will continue leaves the call open for the rest', () => {
    const client = openedWith(calling, 'BLOCKING');
    client.ask();
    client.run(2000);
    answerWith(client, { ...answer, willContinue: true });
    client.run(5000);
    expect(client.words()).toEqual(['setupComplete', 'toolCall']);
    answerWith(client, answer);
    client.run(5000);
    expect(client.words().slice(2)).toEqual(turnEnd);
  });

  test('that never comes makes the session deaf to the caller, until it comes', () => {
    const client = openedWith(calling, 'NON_BLOCKING');
    client.ask();
    client.run(34_000);
    speak(client);
    expect(client.words()).not.toContain('audio');
    expect(client.model.violations).toEqual([
      { atMs: expect.any(Number), rule: 'GM-TOOL-3', what: `no answer to ${id}` },
    ]);
    answerWith(client, answer);
    speak(client);
    expect(client.words()).toContain('audio');
  });
});

function openedWith(script: ScriptInput, behavior: 'BLOCKING' | 'NON_BLOCKING', setup: JsonObject = {}): MachineClient {
  const tools = [{ functionDeclarations: [{ name: 'look_up', behavior }] }];
  const client = new MachineClient({ setupMs: 0, ...script });
  return client.open({ tools, ...setup });
}

function answerWith(client: MachineClient, response: JsonObject): void {
  client.send({ toolResponse: { functionResponses: [response] } });
}

function speak(client: MachineClient): void {
  client.stream(400, 'speech');
  client.stream(3000, 'silence');
}
