import { describe, expect, test } from 'vitest';
import type { ModelService } from '../../../src/sim/model/model-service.ts';
import type { ScriptInput } from '../../../src/sim/model/script/script.ts';
import type { JsonObject } from '../../../src/encoding/json.ts';
import { MachineClient, serviceOf } from './machine-client.ts';

type Defect = NonNullable<ScriptInput['defects']>[number];

const setup = { sessionResumption: {}, inputAudioTranscription: {} };
const talking: ScriptInput = {
  turns: [
    { steps: [{ say: 'short', text: 'Hello.' }] },
    { heard: 'Where is my order?', steps: [{ say: 'long', text: 'It is on its way to you and arrives tomorrow.' }] },
    { heard: 'Hello?', steps: [{ say: 'short', text: 'Anything else?' }] },
  ],
  latencyMs: 200,
};
const whole = 'It is on its way to you and arrives tomorrow.';
const turnEnd = ['generationComplete', 'turnComplete', 'usageMetadata'];

describe('the second turn of a session', () => {
  test.each<[Defect, string[]]>([
    [{ turn: 2, defect: 'silent' }, turnEnd],
    [{ turn: 2, defect: 'rejected' }, ['generationComplete', 'turnComplete', 'turnCompleteReason', 'usageMetadata']],
    [{ turn: 2, defect: 'noAnswer' }, []],
    [{ turn: 2, defect: 'brokenOff', afterMs: 1000 }, ['audio']],
    [{ turn: 2, defect: 'phantomInterruption', afterMs: 1000 }, ['audio', 'interrupted']],
    [{ turn: 2, defect: 'phantomInterruption' }, ['audio', 'interrupted']],
    [{ turn: 2, defect: 'cutShort', afterMs: 1000 }, ['audio', ...turnEnd]],
    [{ turn: 2, defect: 'nearSilent' }, ['audio', ...turnEnd]],
  ])('with %j comes out so: %j', (defect, words) => {
    const client = spokenTo(defect);
    const others = client.words().filter((word) => !['inputTranscription', 'sessionResumptionUpdate'].includes(word));
    const runs = others.filter((word, index) => word !== others[index - 1]);
    expect(runs).toEqual(['setupComplete', 'audio', ...turnEnd, ...words]);
    expect(client.transcript('inputTranscription')).toBe('Where is my order?');
  });

  test('of no loudness is as long as the clip', () => {
    const client = spokenTo({ turn: 2, defect: 'nearSilent' });
    const second = Buffer.concat(client.audio()).subarray(48_000);
    expect(second.length).toBe(6000 * 48);
    const loudest = Math.max(
      ...Array.from({ length: second.length / 2 }, (_, i) => Math.abs(second.readInt16LE(2 * i))),
    );
    expect(loudest).toBeLessThan(10);
  });

  test('of text only has its words in text parts and no audio', () => {
    const client = spokenTo({ turn: 2, defect: 'textOnly' });
    expect(client.values('serverContent', 'modelTurn', 'parts').at(-1)).toEqual([{ text: whole }]);
    expect(Buffer.concat(client.audio().slice(0, -1)).length).toBe(48_000);
  });

  test('that breaks off, or is cut short, stops after so much audio', () => {
    for (const defect of ['brokenOff', 'cutShort', 'phantomInterruption'] as const) {
      const client = spokenTo({ turn: 2, defect, afterMs: 1000 });
      // To a whole message: 200 ms and four times 240 ms.
      expect(Buffer.concat(client.audio()).length).toBe(48_000 + 1160 * 48);
    }
  });

  test('that stalls goes on after its pause, and loses nothing', () => {
    const client = spokenTo({ turn: 2, defect: 'stall', afterMs: 1000, forMs: 4000 });
    expect(Buffer.concat(client.audio()).length).toBe(7000 * 48);
    const times = client.received.map(({ atMs }) => atMs);
    expect(Math.max(...times.slice(6, 30).map((atMs, i) => atMs - (times[i + 5] ?? 0)))).toBeGreaterThan(4000);
  });

  test('that is late comes after all, by so much', () => {
    const [usual, late] = [spokenTo(), spokenTo({ turn: 2, defect: 'late', byMs: 5000 })].map(answerTimeMs);
    expect(Number(late) - Number(usual)).toBe(5000);
  });

  test('may be transcribed twice, answered twice, or be the greeting again', () => {
    expect(spokenTo({ turn: 2, defect: 'transcriptTwice' }).transcript('inputTranscription').length).toBe(36);
    expect(spokenTo({ turn: 2, defect: 'answeredTwice' }).transcript('outputTranscription')).toBe(
      `Hello.${whole}${whole}`,
    );
    expect(spokenTo({ turn: 2, defect: 'greetsAgain' }).transcript('outputTranscription')).toBe('Hello.Hello.');
  });

  test('alone is struck, unless the script says how many in a row', () => {
    const once = spokenTo({ turn: 2, defect: 'silent' });
    once.speak(6000);
    expect(once.transcript('outputTranscription')).toContain(whole);
    const thrice = spokenTo({ turn: 2, times: 3, defect: 'rejected' });
    thrice.speak(6000);
    thrice.speak(6000);
    expect(thrice.transcript('outputTranscription')).toBe('Hello.');
    thrice.speak(6000);
    expect(thrice.transcript('outputTranscription')).toContain(whole);
  });

  test('that was given up before it began is struck when it comes again', () => {
    const client = greeted(serviceOf({ ...talking, latencyMs: 2000, defects: [{ turn: 2, defect: 'silent' }] }));
    client.speak(1500);
    client.speak(9000);
    expect(client.words()).not.toContain('interrupted');
    expect(client.transcript('outputTranscription')).toBe('Hello.');
  });

  test('is counted anew in each session', () => {
    const service = serviceOf({ ...talking, sessions: [{}, { defects: [{ turn: 1, defect: 'silent' }] }] });
    const first = greeted(service);
    first.leave();
    const second = resumed(service, first);
    second.ask('Go on.');
    second.run(3000);
    expect(second.words()).not.toContain('audio');
    second.ask('Go on.');
    second.run(9000);
    expect(second.transcript('outputTranscription')).toBe(whole);
  });
});

describe('a turn with a tool', () => {
  const tools = [{ functionDeclarations: [{ name: 'look_up', behavior: 'BLOCKING' }] }];
  const turns: ScriptInput['turns'] = [
    { steps: [{ call: { name: 'look_up' } }, { say: 'short', text: 'It was shipped.' }] },
  ];

  test.each([
    ['silentAfterTool', turnEnd],
    ['nothingAfterTool', []],
  ] as const)('says nothing of the result with %s, and does when it is asked again', (defect, words) => {
    const client = new MachineClient(serviceOf({ turns, defects: [{ turn: 1, defect }] })).open({ tools });
    client.ask();
    client.run(2000);
    client.send({
      toolResponse: {
        functionResponses: [{ id: 'function-call-1', name: 'look_up', response: { result: 'Shipped.' } }],
      },
    });
    client.run(10_000);
    expect(client.words().slice(1)).toEqual(['toolCall', ...words]);
    client.ask('What is the result?');
    client.run(3000);
    expect(client.transcript('outputTranscription')).toBe('It was shipped.');
    expect(client.values('toolCall')).toHaveLength(1);
  });
});

describe('a model that is stuck', () => {
  test.each<Defect>([
    { turn: 2, defect: 'silent' },
    { turn: 2, defect: 'rejected' },
    { turn: 2, defect: 'nearSilent' },
    { turn: 2, defect: 'textOnly' },
    { turn: 2, defect: 'noAnswer' },
    { turn: 2, defect: 'brokenOff', afterMs: 1000 },
    { turn: 2, defect: 'phantomInterruption', afterMs: 1000, deaf: 'no' },
  ])('after %j gives the same answer to a nudge', (defect) => {
    const client = spokenTo(defect);
    const before = client.received.length;
    client.ask('The caller waits for an answer.');
    client.run(9000);
    const after = client.received.slice(before).map(({ message }) => JSON.stringify(message));
    const said = after.map((text) => /"outputTranscription":{"text":"([^"]*)"/.exec(text)?.[1] ?? '').join('');
    expect(said).toBe(whole);
  });

  test('in the middle of a stall begins the sentence again when it is nudged, but not when the caller speaks', () => {
    const stall: Defect = { turn: 2, defect: 'stall', afterMs: 1000, forMs: 60_000 };
    const nudged = spokenTo(stall);
    nudged.ask('Go on.');
    nudged.run(9000);
    expect(nudged.transcript('outputTranscription')).toContain(whole);
    const spoken = spokenTo(stall);
    spoken.speak(9000);
    expect(spoken.transcript('outputTranscription')).toMatch(/^Hello\.It is .*Anything else\?$/);
    expect(spoken.transcript('outputTranscription')).not.toContain('tomorrow');
  });

  test('owes the answer in a resumed session too', () => {
    const service = serviceOf({ ...talking, sessions: [{ defects: [{ turn: 2, defect: 'silent' }] }] });
    const first = greeted(service);
    first.speak();
    first.leave();
    const second = resumed(service, first);
    second.ask('The caller waits for an answer.');
    second.run(9000);
    expect(second.transcript('outputTranscription')).toBe(whole);
  });

  test('answers the caller who asks again as well', () => {
    const client = spokenTo({ turn: 2, defect: 'noAnswer' });
    client.speak(9000);
    expect(client.transcript('outputTranscription')).toBe(`Hello.${whole}`);
  });
});

// Which steps of a ladder help: a nudge in the session, the session resumed, a fresh one.
describe.each<[string, Extract<Defect, { deaf?: unknown }>]>([
  ['noAnswer', { turn: 2, defect: 'noAnswer' }],
  ['silent', { turn: 2, defect: 'silent' }],
  ['brokenOff', { turn: 2, defect: 'brokenOff', afterMs: 1000 }],
  ['phantomInterruption', { turn: 2, defect: 'phantomInterruption', afterMs: 1000 }],
])('after %s', (_name, defect) => {
  test.each([
    ['no', [true, true, true]],
    ['untilResume', [false, true, true]],
    ['untilFresh', [false, false, true]],
    ['always', [false, false, false]],
  ] as const)('a model that is deaf %s answers a nudge, a resumed session and a fresh one: %j', (deaf, answers) => {
    const service = serviceOf({ ...talking, sessions: [{ defects: [{ ...defect, deaf }] }] });
    const first = greeted(service);
    first.speak(6000);
    const nudge = isAnswered(first);
    expect(first.transcript('inputTranscription')).toContain('Where is my order?');
    first.leave();
    const second = resumed(service, first);
    const resume = isAnswered(second);
    second.leave();
    const third = new MachineClient(service).open(setup);
    const fresh = isAnswered(third);
    expect([nudge, resume, fresh]).toEqual(answers);
    expect([second, third].map(({ closed }) => closed)).toEqual([null, null]);
  });
});

test('a deaf session goes on transcribing, and does not speak the result of a tool either', () => {
  const call = { name: 'look_up', answered: [{ say: 'short' }] };
  const tools = [{ functionDeclarations: [{ name: 'look_up', behavior: 'NON_BLOCKING' }] }];
  const timed = [{ atMs: 2000, step: { mute: 'always' as const } }];
  const client = new MachineClient(
    serviceOf({ ...talking, turns: [{ steps: [{ call }] }, ...talking.turns.slice(1)], timed }),
  );
  client.open({ ...setup, tools });
  client.ask();
  client.run(3000);
  client.send({
    toolResponse: { functionResponses: [{ id: 'function-call-1', name: 'look_up', response: { a: 1 } }] },
  });
  client.speak(6000);
  expect(client.transcript('inputTranscription')).toBe('Where is my order?');
  expect(client.words()).not.toContain('audio');
});

/** A client that was greeted. */
function greeted(service: ModelService): MachineClient {
  const client = new MachineClient(service).open(setup);
  client.ask();
  client.run(3000);
  return client;
}

/** A client that was greeted, and whose caller then asked something, 15 s ago. */
function spokenTo(...defects: Defect[]): MachineClient {
  const client = greeted(serviceOf({ ...talking, defects }));
  client.speak(15_000);
  return client;
}

function resumed(service: ModelService, before: MachineClient): MachineClient {
  const again: JsonObject = { ...setup, sessionResumption: { handle: before.handle() } };
  return new MachineClient(service).open(again);
}

function isAnswered(client: MachineClient): boolean {
  const before = client.audio().length;
  client.ask('The caller waits for an answer.');
  client.run(9000);
  return client.audio().length > before;
}

/** When the first audio after the greeting came. */
function answerTimeMs(client: MachineClient): number {
  const firstTurnEnd = client.timeOf('turnComplete') ?? 0;
  return (
    client.received.find(({ atMs, message }) => atMs > firstTurnEnd && /inlineData/.test(JSON.stringify(message)))
      ?.atMs ?? 0
  );
}
