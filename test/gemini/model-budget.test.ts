import { describe, expect, test } from 'vitest';
import { type CallFact } from '../../src/call/events.ts';
import { type Excess, modelFrameBytesMax } from '../../src/gemini/model-budget.ts';
import { encodeBase64 } from '../../src/encoding/base64.ts';
import { SessionBench } from './session-bench.ts';

const megabyte = 1024 * 1024;
const small = { voiceActivity: {} };

/** Audio of 240 ms, as the service sends it. */
const speech = { serverContent: { modelTurn: { parts: [sound(11_520)] } } };

describe('a session', () => {
  test.for<[what: string, excess: Excess, frames: readonly string[]]>([
    ['a frame too long', 'frameTooLong', [padded(modelFrameBytesMax + 1)]],
    ['70,000 parts', 'tooManyValues', [written(parts(70_000))]],
    ['257 parts', 'tooManyParts', [written(parts(257))]],
    ['33 tool calls', 'tooManyToolCalls', [written(toolCalls(33))]],
    ['33 cancelled calls', 'tooManyToolCalls', [written({ toolCallCancellation: { ids: ids(33) } })]],
    ['8,193 values', 'tooManyValues', [`{"newThing":[${'[],'.repeat(4_095)}[]]}`]],
    ['65 levels', 'tooManyLevels', [nested(65)]],
    ['nine megabytes at once', 'tooManyBytes', Array<string>(9).fill(padded(megabyte))],
    ['5,001 messages at once', 'tooManyMessages', Array<string>(5_001).fill(written(small))],
    ['5,120 parts at once', 'tooManyMessages', Array<string>(20).fill(written(parts(256)))],
    ['a lot of small values at once', 'tooManyMessages', Array<string>(50).fill(`[${'0,'.repeat(8_000)}0]`)],
  ])('that sends %s is cut, and the next one is to begin anew', ([, excess, frames]) => {
    const bench = new SessionBench();
    const { facts, connection } = bench.answered();
    for (const frame of frames) connection.socket.received(frame, true);
    bench.passes(0);
    expect(facts.slice(-2)).toEqual([
      { type: 'model.frameRejected', fault: 'model.overBudget' },
      { type: 'model.closed', code: 1006, reason: excess, remedy: 'fresh', jitter: 0.5 },
    ]);
    expect(connection.isCut).toBe(true);
    expect(bench.log.named('modelClosed')).toMatchObject([{ code: 1006, why: excess }]);
  });

  test.for<[what: string, frames: readonly string[]]>([
    ['a frame of a megabyte', [padded(modelFrameBytesMax)]],
    ['256 parts', [written(parts(256))]],
    ['32 tool calls', [written(toolCalls(32))]],
    ['8,192 values', [`{"newThing":[${'[],'.repeat(4_094)}0,[]]}`]],
    ['64 levels', [nested(64)]],
    ['eight megabytes at once', Array<string>(7).fill(padded(megabyte))],
    ['4,999 messages at once', Array<string>(4_999).fill(written(small))],
    ['two minutes of speech at once', Array<string>(500).fill(JSON.stringify(speech, null, 2))],
  ])('may send %s', ([, frames]) => {
    const bench = new SessionBench();
    const { facts, connection } = bench.answered();
    for (const frame of frames) connection.socket.received(frame, true);
    bench.passes(0);
    expect(facts.filter(isEnd)).toEqual([]);
    expect(connection.isCut).toBe(false);
  });

  test('may send a reply of three minutes at forty times its speed, and again when that has been heard', () => {
    const bench = new SessionBench();
    const { facts, connection } = bench.answered();
    for (let reply = 0; reply < 2; reply += 1) {
      for (let ms = 0; ms < 180_000; ms += 240) {
        connection.socket.received(JSON.stringify(speech, null, 2), true);
        bench.passes(6);
      }
      bench.passes(175_000);
    }
    expect(facts.filter(isEnd)).toEqual([]);
    expect(facts.filter(({ type }) => type === 'model.audio')).toHaveLength(1_500);
  });

  test('gets 500 messages and a megabyte back each second', () => {
    const bench = new SessionBench();
    const { facts, connection } = bench.answered();
    for (let message = 0; message < 4_999; message += 1) connection.socket.received(written(small), true);
    bench.passes(1_000);
    for (let message = 0; message < 500; message += 1) connection.socket.received(written(small), true);
    expect(facts.filter(isEnd)).toEqual([]);
    connection.socket.received(written(small), true);
    bench.passes(0);
    expect(facts.filter(isEnd)).toMatchObject([{ reason: 'tooManyMessages' }]);
  });

  test('that sends nothing but pings and pongs is cut as well', () => {
    const bench = new SessionBench();
    const { facts, connection } = bench.answered();
    for (let ping = 0; ping < 2_500; ping += 1) {
      connection.socket.pinged();
      connection.socket.ponged();
    }
    bench.passes(0);
    expect(facts.filter(isEnd)).toMatchObject([{ reason: 'tooManyMessages' }]);
  });

  test('that was cut is not read any more', () => {
    const bench = new SessionBench();
    const { facts, connection } = bench.answered();
    connection.socket.received(written(parts(257)), true);
    connection.socket.received(written(parts(2)), true);
    connection.socket.received(written(parts(257)), true);
    bench.passes(0);
    expect(facts.map(({ type }) => type)).toEqual(['model.opened', 'model.frameRejected', 'model.closed']);
  });
});

describe('before the setup is answered, a session', () => {
  test('may send a megabyte in all, and is refused beyond it', () => {
    const bench = new SessionBench();
    const { facts } = bench.opens();
    bench.latest.socket.opened();
    for (let frame = 0; frame < 16; frame += 1) bench.latest.socket.received(padded(megabyte / 16), true);
    expect(facts).toEqual([]);
    bench.latest.socket.received('{}', true);
    bench.passes(0);
    expect(facts).toEqual([
      { type: 'model.frameRejected', fault: 'model.overBudget' },
      { type: 'model.openFailed', fault: 'model.overBudget', remedy: 'fresh', jitter: 0.5 },
    ]);
    expect(bench.latest.isCut).toBe(true);
  });

  test('is waited for no longer because it says something else', () => {
    const bench = new SessionBench();
    const { facts } = bench.opens();
    bench.latest.socket.opened();
    bench.latest.socket.received(written(small), true);
    bench.passes(60_000);
    expect(facts).toMatchObject([{ type: 'model.openFailed', fault: 'model.setupTimeout' }]);
  });
});

function isEnd({ type }: CallFact): boolean {
  return type === 'model.closed' || type === 'model.openFailed';
}

function written(message: object): string {
  return JSON.stringify(message);
}

/** A message of so many characters that says nothing. */
function padded(chars: number): string {
  return `{"newThing":"${'x'.repeat(chars - 15)}"}`;
}

function sound(bytes: number): object {
  return { inlineData: { mimeType: 'audio/pcm;rate=24000', data: encodeBase64(new Uint8Array(bytes)) } };
}

function parts(count: number): object {
  return { serverContent: { modelTurn: { parts: Array.from({ length: count }, () => ({ text: 'x' })) } } };
}

function ids(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `c${index}`);
}

function toolCalls(count: number): object {
  return { toolCall: { functionCalls: ids(count).map((id) => ({ id, name: 'end_call', args: {} })) } };
}

function nested(levels: number): string {
  return `${'{"a":'.repeat(levels - 1)}{}${'}'.repeat(levels - 1)}`;
}
