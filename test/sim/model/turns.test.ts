import { describe, expect, test } from 'vitest';
import { encodeBase64 } from '../../../src/encoding/base64.ts';
import type { ScriptInput } from '../../../src/sim/model/script/script.ts';
import { MachineClient, thinkingSetup } from './machine-client.ts';

const silenceMs = 600;
const transcribing = { inputAudioTranscription: {}, outputAudioTranscription: {} };
const listening = {
  realtimeInputConfig: { automaticActivityDetection: { prefixPaddingMs: 40, silenceDurationMs: silenceMs } },
};

describe('a turn of the model', () => {
  test('begins after the latency and ends when it will have been played, not when it is generated', () => {
    const client = openedWith({ turns: [{ steps: [{ say: 'long' }] }], latencyMs: 900, speed: 4 });
    client.ask();
    client.run(20_000);
    expect(client.words().slice(1)).toEqual(['audio', 'generationComplete', 'turnComplete', 'usageMetadata']);
    const [audioMs, generatedMs, completeMs] = ['audio', 'generationComplete', 'turnComplete'].map((word) =>
      client.timeOf(word),
    );
    expect([audioMs, completeMs]).toEqual([900, 6900]);
    expect(generatedMs).toBeGreaterThan(900 + 1200);
    expect(generatedMs).toBeLessThan(900 + 1600);
  });

  test('sends 200 ms of audio first, then 240 ms each, and loses nothing', () => {
    const client = openedWith({ turns: [{ steps: [{ say: 'long' }] }] });
    client.ask();
    client.run(20_000);
    const pieces = client.audio();
    expect(pieces.slice(0, 3).map(({ length }) => length)).toEqual([9600, 11_520, 11_520]);
    expect(Buffer.concat(pieces).length).toBe(6000 * 48);
  });

  test('may come in messages of any size from 20 ms to 1 s', () => {
    for (const messageMs of [20, 1000]) {
      const client = openedWith({ turns: [{ steps: [{ say: 'long' }] }], messageMs });
      client.ask();
      client.run(20_000);
      expect(
        client
          .audio()
          .slice(0, -1)
          .every(({ length }) => length === messageMs * 48),
      ).toBe(true);
      expect(Buffer.concat(client.audio()).length).toBe(6000 * 48);
    }
  });

  test('is transcribed with the audio, ahead of it or behind it, always in full', () => {
    const halfway = { withAudio: '', ahead: '', behind: '' };
    for (const transcripts of ['withAudio', 'ahead', 'behind'] as const) {
      const client = openedWith(
        { turns: [{ steps: [{ say: 'long' }] }], speed: 1, latencyMs: 0, transcripts },
        transcribing,
      );
      client.ask();
      client.run(3000);
      halfway[transcripts] = client.transcript('outputTranscription');
      client.run(10_000);
      expect(client.transcript('outputTranscription')).toMatch(/^A long story .* before it ends\.$/);
    }
    expect(halfway.ahead.length).toBeGreaterThan(halfway.withAudio.length);
    expect(halfway.behind.length).toBeLessThan(halfway.withAudio.length);
  });

  test('comes in fewer messages with several keys when it is bundled, with the same content', () => {
    const turns = [{ steps: [{ say: 'long' }, { call: { name: 'f' } }] }];
    const bundled = openedWith({ turns, bundled: true });
    bundled.ask();
    bundled.run(20_000);
    expect(Buffer.concat(bundled.audio()).length).toBe(6000 * 48);
    const last = bundled.received.find(({ message }) => 'toolCall' in message)?.message;
    expect(Object.keys(last ?? {})).toEqual(['serverContent', 'toolCall']);
    expect(last?.['serverContent']).toMatchObject({ generationComplete: true, modelTurn: { role: 'model' } });
  });
});

describe('bundling', () => {
  test('joins nothing across a frame that is no message', () => {
    const steps = [{ say: 'short' }, { sendText: 'not JSON' }, { call: { name: 'f' } }];
    const client = openedWith({ turns: [{ steps }], bundled: true });
    client.ask();
    client.run(1500);
    expect(client.words().slice(1)).toEqual(['audio', 'not JSON', 'generationComplete', 'toolCall']);
  });
});

describe('a turn of the caller', () => {
  const script: ScriptInput = {
    turns: [{ heard: 'Where is my order?', steps: [{ say: 'short' }] }],
    latencyMs: 500,
    heardMs: 400,
  };

  test('is answered once there was silence for as long as the setup says', () => {
    const client = openedWith(script, { ...listening, ...transcribing });
    client.stream(1000, 'speech');
    const speechEndMs = client.nowMs;
    client.stream(3000, 'silence');
    expect(client.timeOf('audio')).toBe(speechEndMs + silenceMs + 500);
    expect(client.timeOf('inputTranscription')).toBe(speechEndMs + silenceMs + 200);
    expect(client.transcript('inputTranscription')).toBe('Where is my order?');
  });

  test('goes on over a pause that is shorter', () => {
    const client = openedWith(script, listening);
    for (let i = 0; i < 4; i++) {
      client.stream(400, 'speech');
      client.stream(silenceMs - 20, 'silence');
    }
    client.run(10_000);
    expect(client.words()).not.toContain('audio');
  });

  test('ends at a shorter pause where the script says so, whatever the setup asks for', () => {
    const client = openedWith({ ...script, pauseMsMax: 300 }, listening);
    client.stream(1000, 'speech');
    client.stream(1000, 'silence');
    expect(client.timeOf('audio')).toBe(1000 + 300 + 500);
  });

  test('may be a murmur where the sensitivity is high, as it is by default, and not where it is low', () => {
    for (const [sensitivity, words] of [
      ['START_SENSITIVITY_HIGH', ['setupComplete', 'audio']],
      ['START_SENSITIVITY_LOW', ['setupComplete']],
    ] as const) {
      const automaticActivityDetection = { startOfSpeechSensitivity: sensitivity };
      const client = openedWith(script, { realtimeInputConfig: { automaticActivityDetection } });
      client.stream(1000, 'murmur');
      client.stream(2000, 'silence');
      expect(client.words().slice(0, 2)).toEqual(words);
    }
  });

  test('never ends when the audio stops arriving, and audioStreamEnd does not help', () => {
    const client = openedWith(script, listening);
    client.stream(1000, 'speech');
    client.send({ realtimeInput: { audioStreamEnd: true } });
    client.run(30_000);
    expect(client.words()).not.toContain('audio');
    client.stream(2000, 'silence');
    expect(client.words()).toContain('audio');
    expect(client.report.audio.gapMsMax).toBe(30_020);
  });

  test('ends with audioStreamEnd on an older model', () => {
    const client = openedWith(script, { ...listening, model: 'models/gemini-3.1-flash-live-preview' });
    client.stream(1000, 'speech');
    client.send({ realtimeInput: { audioStreamEnd: true } });
    client.run(2000);
    expect(client.words()).toContain('audio');
  });

  test('is not noticed where the script makes the model deaf to short speech', () => {
    const client = openedWith({ ...script, deafToMs: 2000 }, listening);
    client.stream(1500, 'speech');
    client.stream(3000, 'silence');
    expect(client.words()).not.toContain('audio');
  });

  test('is the next turn of the script, which begins again at turn 1 only if it repeats', () => {
    const turns = ['first', 'second', 'third'].map((text) => ({ steps: [{ say: 'short', text }] }));
    for (const [repeat, heard] of [
      [true, 'first|second|third|second|third|'],
      [false, 'first|second|third|'],
    ] as const) {
      const client = openedWith({ turns, repeat }, transcribing);
      for (let i = 0; i < 5; i++) {
        client.ask();
        client.run(5000);
      }
      expect(
        client
          .values('serverContent', 'outputTranscription', 'text')
          .map((text) => `${String(text)}|`)
          .join(''),
      ).toBe(heard);
    }
  });
});

describe('audio', () => {
  const good = { data: encodeBase64(new Uint8Array(640)), mimeType: 'audio/pcm;rate=16000' };

  test.each([
    { ...good, mimeType: 'audio/x-mulaw;rate=8000' },
    { ...good, data: encodeBase64(new Uint8Array(639)) },
    { ...good, data: 'not base64!' },
  ])('like %j closes the session', (audio) => {
    const client = openedWith({ turns: [] });
    client.send({ realtimeInput: { audio } });
    expect(client.closed).toMatchObject({ code: 1007 });
  });

  test('that shares its message with something else is taken, and noted as a violation', () => {
    const client = openedWith({ turns: [] });
    client.send({ realtimeInput: { audio: good, audioStreamEnd: true } });
    expect(client.closed).toBeNull();
    expect(client.model.audioReceived().length).toBe(640);
    expect(client.model.violations.map(({ rule }) => rule)).toEqual(['GM-AUDIO-1']);
  });
});

describe('an interruption', () => {
  const turns = [{ steps: [{ say: 'long' }] }, { steps: [{ say: 'short' }] }];

  test.each([
    ['thenTurnComplete', ['audio', 'interrupted', 'turnComplete', 'usageMetadata']],
    ['alone', ['audio', 'interrupted']],
    ['afterTurnComplete', ['audio', 'turnComplete', 'usageMetadata', 'interrupted']],
  ] as const)('%s ends the turn at once, without generationComplete', (interruption, words) => {
    const client = openedWith({ turns, interruption, latencyMs: 100 }, listening);
    client.ask();
    client.run(600);
    client.stream(400, 'speech');
    expect(client.words().slice(1)).toEqual(words);
    client.stream(2500, 'silence');
    expect(client.words().at(-1)).toBe('usageMetadata');
  });

  test('comes as long as the speech is supposed to be playing, not only while it is sent', () => {
    const client = openedWith({ turns, latencyMs: 0, speed: 6 }, listening);
    client.ask();
    client.run(5000);
    expect(client.words()).toContain('generationComplete');
    client.stream(200, 'speech');
    expect(client.words()).toContain('interrupted');
  });

  test('does not come once the playback is over', () => {
    const client = openedWith({ turns, latencyMs: 0 }, listening);
    client.ask();
    client.run(6500);
    client.stream(400, 'speech');
    expect(client.words()).not.toContain('interrupted');
  });

  test('lets as much late audio slip out as the script says', () => {
    const client = openedWith({ turns, latencyMs: 0, lateMessages: 2 }, listening);
    client.ask();
    client.run(300);
    client.stream(40, 'speech');
    const words = client.received.flatMap(({ message }) => Object.keys(message['serverContent'] ?? {}));
    const after = words.slice(words.indexOf('interrupted') + 1);
    expect(after.filter((word) => word === 'modelTurn')).toHaveLength(2);
  });

  test('leaves no trace while the model still thinks, and the caller gets the same answer later', () => {
    const client = openedWith(
      { turns: [{ steps: [{ say: 'short', text: 'Only this.' }] }] },
      { ...listening, ...transcribing },
    );
    client.stream(400, 'speech');
    client.stream(silenceMs + 200, 'silence');
    client.stream(400, 'speech');
    client.stream(3000, 'silence');
    expect(client.words()).not.toContain('interrupted');
    expect(client.transcript('outputTranscription')).toBe('Only this.');
  });

  test('of a model that still thinks is told where the script says so, and the answer is not lost', () => {
    const client = openedWith({ turns: [{ steps: [{ say: 'short', text: 'Only this.' }] }], interruptsThinking: true });
    client.ask();
    client.run(300);
    client.stream(400, 'speech');
    expect(client.words().slice(1)).toEqual(['interrupted']);
    client.stream(4000, 'silence');
    expect(client.transcript('outputTranscription')).toBe('Only this.');
  });

  test('is off with NO_INTERRUPTION: the answer waits', () => {
    const client = openedWith(
      { turns, latencyMs: 0 },
      { realtimeInputConfig: { ...listening.realtimeInputConfig, activityHandling: 'NO_INTERRUPTION' } },
    );
    client.ask();
    client.stream(500, 'speech');
    client.stream(10_000, 'silence');
    expect(client.words()).not.toContain('interrupted');
    expect(client.values('serverContent', 'turnComplete')).toHaveLength(2);
  });
});

describe('content of the client', () => {
  const turns = [{ steps: [{ say: 'long' }] }, { steps: [{ say: 'short' }] }];

  test('cuts off what the model is saying and is answered', () => {
    const client = openedWith({ turns, latencyMs: 100 });
    client.ask();
    client.run(1000);
    client.ask('Say goodbye.');
    client.run(5000);
    expect(client.words().slice(1, 5)).toEqual(['audio', 'interrupted', 'turnComplete', 'usageMetadata']);
    expect(client.words().slice(5)).toEqual(['audio', 'generationComplete', 'turnComplete', 'usageMetadata']);
  });

  test('without turnComplete leaves the turn open, and the caller is not heard until it is closed', () => {
    const client = openedWith({ turns }, listening);
    client.send({ clientContent: { turns: [{ role: 'user', parts: [{ text: 'A note.' }] }], turnComplete: false } });
    client.stream(1000, 'speech');
    client.stream(5000, 'silence');
    expect(client.words()).not.toContain('audio');
    client.ask();
    client.run(2000);
    expect(client.words()).toContain('audio');
  });

  test('is history where the setup announced history', () => {
    const client = openedWith({ turns }, { historyConfig: { initialHistoryInClientContent: true } });
    client.ask('What was said before.');
    client.run(3000);
    expect(client.words()).not.toContain('audio');
    client.ask();
    client.run(3000);
    expect(client.words()).toContain('audio');
  });

  test('may only come from the user or the model', () => {
    const client = openedWith({ turns });
    client.send({ clientContent: { turns: [{ role: 'system', parts: [{ text: 'Be nice.' }] }], turnComplete: true } });
    expect(client.closed).toMatchObject({ code: 1007 });
  });

  test('is no question for 3.1, which answers text; extended thinking greets unasked', () => {
    const older = openedWith({ turns }, { model: 'models/gemini-3.1-flash-live-preview' });
    older.ask();
    older.run(3000);
    expect(older.words()).not.toContain('audio');
    older.send({ realtimeInput: { text: 'Greet the caller.' } });
    older.run(3000);
    expect(older.words()).toContain('audio');
    const thinking = openedWith({ turns }, thinkingSetup);
    thinking.run(3000);
    expect(thinking.words()).toContain('audio');
  });
});

/** A client whose setup is complete at time 0 of its own. */
function openedWith(script: ScriptInput, setup = {}): MachineClient {
  return new MachineClient({ setupMs: 0, ...script }).open(setup);
}
