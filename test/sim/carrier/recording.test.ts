import { expect, test } from 'vitest';
import { CallBench } from './call-bench.ts';

const speech = new Uint8Array(16_000).fill(0x20);
const clips = new Map([['message', speech]]);
const record = '<Record action="/stored" timeout="3" recordingStatusCallback="https://parley.example/recording"/>';
const leaves = { steps: [{ pauseMs: 1300 }, { say: 'message' }] } as const;

test('a message is recorded from the beep to the silence after it, and its action says where it is', () => {
  const bench = new CallBench({ script: leaves, clips });
  bench.answer(`${record}<Say>Never.</Say>`);
  bench.runUntil(10_000);

  const [, action, status] = bench.requests;
  expect(action).toMatchObject({
    url: 'https://parley.example/stored',
    fields: {
      RecordingSid: expect.stringMatching(/^RE[0-9a-f]{32}$/),
      RecordingUrl: expect.stringContaining('/Recordings/RE'),
      RecordingDuration: '6',
      CallStatus: 'in-progress',
    },
  });
  expect(action?.fields).not.toHaveProperty('Digits');
  expect(status).toMatchObject({
    url: 'https://parley.example/recording',
    fields: { RecordingStatus: 'completed', RecordingDuration: '6', RecordingSource: 'RecordVerb' },
  });
  // Half a second of beep, which is not recorded; then silence, the message, and three seconds of silence.
  const [recording] = bench.machine.recordings;
  expect(recording?.audio.indexOf(0x20)).toBe(800 * 8);
  expect(recording?.audio.lastIndexOf(0x20)).toBe(2800 * 8 - 1);
  expect(bench.notes('verb.recorded')).toMatchObject([{ atMs: 6300, durationMs: 5780, endedBy: '' }]);
  expect(recording?.audio.length).toBe(5780 * 8);
});

test('an empty recording asks no action, and the document goes on', () => {
  const bench = new CallBench();
  bench.answer(
    '<Record recordingStatusCallback="https://parley.example/r" recordingStatusCallbackEvent="absent"/><Say>Bye.</Say>',
  );
  bench.runUntil(6000);
  expect(bench.notes('verb.say')).toMatchObject([{ text: 'Bye.' }]);
  expect(bench.requests[1]?.fields).toMatchObject({ RecordingStatus: 'absent' });
  expect(bench.requests.filter(({ url }) => url === 'https://parley.example/twilio/voice')).toHaveLength(1);
  expect(bench.machine.recordings).toEqual([]);
});

test('a key ends the recording, and only a key that may', () => {
  const script = { steps: [{ pauseMs: 600 }, { say: 'message' }, { dtmf: '5#' }] } as const;
  const bench = new CallBench({ script, clips });
  bench.answer('<Record action="/stored" finishOnKey="#"/>');
  bench.runUntil(4000);
  expect(bench.lastRequest.fields).toMatchObject({ Digits: '#', RecordingDuration: '2' });
});

test('the longest message ends by itself', () => {
  const bench = new CallBench({ script: { steps: [{ say: 'message' }, { say: 'message' }] }, clips });
  bench.answer('<Record action="/stored" maxLength="2" playBeep="false"/>');
  bench.runUntil(2000);
  expect(bench.lastRequest.fields).toMatchObject({ RecordingDuration: '2' });
});

test('a caller who hangs up has left a message: the action is asked all the same, and its answer changes nothing', () => {
  const script = { steps: [{ pauseMs: 600 }, { say: 'message' }, { hangUp: true }] } as const;
  const bench = new CallBench({ script, clips });
  bench.answer(record);
  bench.runUntil(5000);
  const action = bench.requests.find(({ url }) => url.endsWith('/stored'));
  expect(action?.fields).toMatchObject({ Digits: 'hangup', CallStatus: 'completed', RecordingDuration: '2' });
  bench.answerWith({ body: '<Response><Say>Hello?</Say></Response>' }, action?.id);
  expect(bench.notes('verb.say')).toEqual([]);
  expect(bench.requests.some(({ fields }) => fields['RecordingStatus'] === 'completed')).toBe(true);
});

test('without an action the document itself is asked again', () => {
  const bench = new CallBench({ script: leaves, clips });
  bench.answer('<Record/>');
  bench.runUntil(9000);
  expect(bench.lastRequest.url).toBe('https://parley.example/twilio/voice');
});
