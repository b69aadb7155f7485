import { describe, expect, test } from 'vitest';
import { closeReasons } from '../../../src/sim/model/protocol/close-reasons.ts';
import type { ScriptInput } from '../../../src/sim/model/script/script.ts';
import { isJsonObject } from '../../../src/encoding/json.ts';
import { MachineClient, serviceOf } from './machine-client.ts';

const jpeg = { data: Buffer.of(0xff, 0xd8, 0xff, 0xe0).toString('base64'), mimeType: 'image/jpeg' };

const talking: ScriptInput = {
  turns: [
    { steps: [{ say: 'short', text: 'first' }] },
    { steps: [{ say: 'short', text: 'second' }] },
    { steps: [{ say: 'short', text: 'third' }] },
  ],
};

describe('usage', () => {
  test('bills the whole context again with every turn, 25 tokens for a second of audio', () => {
    const client = openedWith(talking);
    askThrice(client);
    const usage = client.values('usageMetadata').filter(isJsonObject);
    expect(usage.map(({ responseTokenCount }) => responseTokenCount)).toEqual([25, 25, 25]);
    const prompts = usage.map(({ promptTokenCount }) => Number(promptTokenCount));
    // Each prompt holds the answer before it and one more greeting of 17 characters.
    expect(prompts.map((tokens, index) => tokens - (prompts[index - 1] ?? tokens))).toEqual([0, 30, 30]);
  });

  test('splits by modality without adding up, and leaves thoughts out of the total', () => {
    const client = openedWith(talking);
    askThrice(client);
    expect(client.values('usageMetadata').at(-1)).toEqual({
      promptTokenCount: 93,
      responseTokenCount: 25,
      thoughtsTokenCount: 136,
      totalTokenCount: 118,
      promptTokensDetails: [
        { modality: 'TEXT', tokenCount: 18 },
        { modality: 'AUDIO', tokenCount: 50 },
      ],
      responseTokensDetails: [{ modality: 'AUDIO', tokenCount: 25 }],
    });
  });

  test('keeps in the context what was sent of an interrupted turn, billed or not', () => {
    for (const interruption of ['alone', 'thenTurnComplete'] as const) {
      const client = openedWith({ turns: [{ steps: [{ say: 'long' }] }, {}], interruption, latencyMs: 0, speed: 1 });
      client.ask();
      client.run(3000);
      client.ask();
      client.run(3000);
      const audio = client.values('usageMetadata', 'promptTokensDetails').at(-1);
      // 200 ms and twelve times 240 ms were sent, which are 77 tokens.
      expect(audio).toContainEqual({ modality: 'AUDIO', tokenCount: 77 });
    }
  });

  test('counts a picture as a second of video', () => {
    const client = openedWith(talking);
    for (let count = 0; count < 2; count += 1) client.send({ realtimeInput: { video: jpeg } });
    client.ask();
    client.run(3_000);
    expect(client.values('usageMetadata', 'promptTokensDetails').at(-1)).toContainEqual({
      modality: 'VIDEO',
      tokenCount: 516,
    });
  });

  test('shrinks once the context was compressed', () => {
    const turns = [{ steps: [] }, { steps: Array.from({ length: 40 }, () => ({ say: 'long' })) }, { steps: [] }];
    const contextWindowCompression = { triggerTokens: '5000', slidingWindow: { targetTokens: '2000' } };
    const client = openedWith({ turns }, { contextWindowCompression });
    for (let i = 0; i < 3; i++) {
      client.ask();
      client.run(300_000);
    }
    expect(client.values('usageMetadata', 'promptTokenCount').at(-1)).toBeLessThan(2100);
  });
});

describe('resumption', () => {
  test('offers a new handle after each turn, and none while the model works', () => {
    const client = openedWith(talking, { sessionResumption: {} });
    askThrice(client);
    expect(client.values('sessionResumptionUpdate')).toEqual([
      { resumable: false },
      { newHandle: 'resumption-handle-1', resumable: true },
      { resumable: false },
      { newHandle: 'resumption-handle-2', resumable: true },
      { resumable: false },
      { newHandle: 'resumption-handle-3', resumable: true },
    ]);
  });

  test('is not offered unless the setup asks', () => {
    const client = openedWith(talking);
    askThrice(client);
    expect(client.words()).not.toContain('sessionResumptionUpdate');
  });
});

describe('the limits of a session', () => {
  test('end the connection after its life, of itself without a word, or announced by goAway', () => {
    const sudden = openedWith({ turns: [] }, { contextWindowCompression: {} });
    sudden.run(58 * 60_000 - 1);
    expect([sudden.closed, sudden.words()]).toEqual([null, ['setupComplete']]);
    sudden.run(1);
    expect(sudden.closed).toEqual(closeReasons.deadlineExpired);
    const announced = openedWith({ turns: [], lifeMs: 20_000, goAwayMs: 5000 });
    announced.run(20_000);
    expect(announced.timeOf('goAway')).toBe(15_000);
    expect(announced.values('goAway')).toEqual([{ timeLeft: '5s' }]);
    expect(announced.closed).toEqual(closeReasons.deadlineExpired);
  });

  test('end a session without compression that is shown pictures after two minutes, over all its connections', () => {
    const service = serviceOf({ ...talking, picturedMs: 20_000 });
    const first = new MachineClient(service).open({ sessionResumption: {} });
    first.send({ realtimeInput: { video: jpeg } });
    first.ask();
    first.run(12_000);
    first.leave();
    const second = new MachineClient(service).open({ sessionResumption: { handle: first.handle() } });
    second.run(20_000);
    expect(second.closed).toEqual(closeReasons.aborted);
    const script: ScriptInput = { turns: [], picturedMs: 20_000 };
    const [blind, compressed] = [openedWith(script), openedWith(script, { contextWindowCompression: {} })];
    compressed.send({ realtimeInput: { video: jpeg } });
    for (const client of [blind, compressed]) client.run(60_000);
    expect([blind.closed, compressed.closed]).toEqual([null, null]);
  });

  test('end a session without compression after a quarter of an hour, over all its connections', () => {
    const service = serviceOf({ ...talking, uncompressedMs: 20_000 });
    const first = new MachineClient(service).open({ sessionResumption: {} });
    first.ask();
    first.run(12_000);
    first.ask();
    first.run(3000);
    first.leave();
    const second = new MachineClient(service).open({ sessionResumption: { handle: first.handle() } });
    // The handle was given 13,900 ms after the beginning.
    second.run(6099);
    expect(second.closed).toBeNull();
    second.run(1);
    expect(second.closed).toEqual(closeReasons.aborted);
    const compressed = openedWith({ turns: [], uncompressedMs: 20_000 }, { contextWindowCompression: {} });
    compressed.run(60_000);
    expect(compressed.closed).toBeNull();
  });

  test('end a session whose context no longer fits, unless it is compressed', () => {
    const turns = [{ steps: [{ say: 'long' }] }];
    for (const [setup, closed] of [
      [{}, closeReasons.contextExceeded],
      [{ contextWindowCompression: {} }, null],
    ] as const) {
      const client = openedWith({ turns, repeat: true, windowTokens: 600 }, setup);
      for (let i = 0; i < 5 && client.closed === null; i++) {
        client.ask();
        client.run(10_000);
      }
      expect(client.closed).toEqual(closed);
    }
  });

  test('end a session that nobody writes to, where the script says so', () => {
    const client = openedWith({ turns: [], idleMs: 4000 });
    client.run(3000);
    client.stream(1000, 'silence');
    client.run(3999);
    expect(client.closed).toBeNull();
    client.run(1);
    expect(client.closed).toEqual({ code: 1000, reason: '' });
  });

  test('are those of the service where compression is asked for without numbers: from 80 % of the window to half of that', () => {
    const turns = [{ steps: [{ say: 'long' }] }];
    const client = openedWith({ turns, repeat: true, windowTokens: 1000 }, { contextWindowCompression: {} });
    for (let i = 0; i < 8; i++) {
      client.ask('');
      client.run(10_000);
    }
    const prompts = client.values('usageMetadata', 'promptTokenCount').map(Number);
    // Each turn adds 150 tokens to the 3 of an empty setup; above 800 they become 400. Beside them, 25 belong to no modality.
    expect(prompts).toEqual([28, 178, 328, 478, 628, 778, 425, 575]);
  });
});

describe('a fault', () => {
  test('of the connection comes at its time: goAway, then the close that it announced', () => {
    const client = openedWith({ turns: [], timed: [{ atMs: 1000, step: { goAway: { timeLeftMs: 50_000 } } }] });
    client.run(50_999);
    expect(client.values('goAway')).toEqual([{ timeLeft: '50s' }]);
    expect(client.closed).toBeNull();
    client.run(1);
    expect(client.closed).toEqual(closeReasons.deadlineExpired);
    expect(client.model.nextDeadline()).toBeNull();
  });

  test('that was due before a message goes first, and the closed session hears no more', () => {
    const client = openedWith({ turns: [], timed: [{ atMs: 1000, step: { close: 'internalError' } }] });
    client.nowMs = 2000;
    client.send({ unknown: {} });
    expect(client.closed).toEqual(closeReasons.internalError);
    client.send({ unknown: {} });
    expect(client.closed).toEqual(closeReasons.internalError);
  });

  test.each(Object.entries(closeReasons))(
    'of the close %s carries its code and a reason that fits a frame',
    (name, frame) => {
      const client = openedWith({ turns: [], timed: [{ atMs: 5, step: { close: name } }] });
      client.run(10);
      expect(client.closed).toEqual(frame);
      expect(frame.reason.length).toBeLessThanOrEqual(123);
    },
  );

  test('of the network drops the connection, and nothing follows', () => {
    const client = openedWith({ turns: [{ steps: [{ drop: true }, { say: 'short' }] }] });
    client.ask();
    client.run(5000);
    expect(client.closed).toBe('dropped');
    expect(client.words()).toEqual(['setupComplete']);
  });

  test('can be a turn without audio, or one that ends early, late or never', () => {
    const silent = openedWith({ turns: [{ turnCompleteReason: 'RESPONSE_REJECTED' }] });
    silent.ask();
    silent.run(2000);
    expect(silent.words().slice(1)).toEqual([
      'generationComplete',
      'turnComplete',
      'turnCompleteReason',
      'usageMetadata',
    ]);
    const early = openedWith({ turns: [{ steps: [{ say: 'long' }], ends: 'early' }] });
    early.ask();
    early.run(4000);
    expect(early.timeOf('turnComplete')).toBe(early.timeOf('generationComplete'));
    const endless = openedWith({ turns: [{ steps: [{ say: 'short' }], ends: 'never' }] });
    endless.ask();
    endless.run(50_000);
    expect(endless.words().slice(1)).toEqual(['audio']);
  });

  test('can be a stall in mid-sentence, and speech slower than real time', () => {
    const stalling = openedWith({
      turns: [{ steps: [{ say: 'long', stall: { afterMs: 1000, forMs: 3000 } }] }],
      latencyMs: 0,
    });
    stalling.ask();
    stalling.run(20_000);
    const times = stalling.received.map(({ atMs }) => atMs);
    expect(Math.max(...times.slice(2, 20).map((atMs, i) => atMs - (times[i + 1] ?? 0)))).toBe(3060);
    const slow = openedWith({ turns: [{ steps: [{ say: 'short', speed: 0.5 }] }], latencyMs: 0 });
    slow.ask();
    slow.run(20_000);
    expect(slow.timeOf('turnComplete')).toBeGreaterThan(1800);
  });

  test('can be audio that nobody hears, and audio cut within a sample', () => {
    const quiet = openedWith({ turns: [{ steps: [{ say: 'short', gain: 0.001 }] }] });
    quiet.ask();
    quiet.run(5000);
    const bytes = Buffer.concat(quiet.audio());
    const loudest = Math.max(...Array.from({ length: bytes.length / 2 }, (_, i) => Math.abs(bytes.readInt16LE(2 * i))));
    expect([bytes.length, loudest]).toEqual([48_000, 3]);
    const odd = openedWith({ turns: [{ steps: [{ say: 'short', oddSplit: true }] }] });
    odd.ask();
    odd.run(5000);
    expect(odd.audio().map(({ length }) => length % 2)).toContain(1);
    expect(Buffer.concat(odd.audio()).length).toBe(48_000);
  });

  test('can be an interruption that nobody caused, after which the caller is transcribed and never answered', () => {
    const phantom = [{ say: 'short' }, { send: { serverContent: { interrupted: true } } }, { mute: true as const }];
    const client = openedWith(
      {
        turns: [
          { steps: phantom, ends: 'never' },
          { heard: 'Are you there?', steps: [{ say: 'short' }] },
        ],
      },
      { inputAudioTranscription: {} },
    );
    client.ask();
    client.run(3000);
    client.stream(1000, 'speech');
    client.stream(5000, 'silence');
    expect(client.words().slice(1)).toEqual(['audio', 'interrupted', 'inputTranscription']);
  });

  test('can be any message, and a frame that is no message at all', () => {
    const steps = [{ send: { future: { key: 1 } } }, { sendText: 'not JSON' }, { sendText: 'null' }];
    const client = openedWith({ turns: [{ steps }] });
    client.ask();
    client.run(2000);
    expect(client.words().slice(1, 4)).toEqual(['future', 'not JSON', 'null']);
  });
});

function openedWith(script: ScriptInput, setup = {}): MachineClient {
  return new MachineClient(serviceOf(script)).open(setup);
}

function askThrice(client: MachineClient): void {
  for (let i = 0; i < 3; i++) {
    client.ask();
    client.run(5000);
  }
}
