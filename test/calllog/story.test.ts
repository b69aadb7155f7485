import { modelClosed } from '../call/call-scene.ts';
import { readFileSync } from 'node:fs';
import { expect, test, type TestContext } from 'vitest';
import { callFigures } from '../../src/calllog/call-figures.ts';
import { readLog } from '../../src/calllog/read-log.ts';
import { replay } from '../../src/calllog/replay.ts';
import { Story } from '../../src/calllog/story.ts';
import { recordedComfortPrints } from '../../src/console/recording/recorded-sounds.ts';
import { mulawCodec } from '../../src/sounds/mulaw-codec.ts';
import { standardAudioPath } from '../../src/sounds/standard-audio-path.ts';
import { type RecordedCall, recordCall, streamSid } from './recorded-call.ts';

test('a whole call is told: turns, waits, tool calls, a barge-in, a stream that is lost and comes back', async (context) => {
  const { lines, figures } = await told(context, (call) => call.wholeCall());
  expect(lines).toEqual([
    '0.00 twilio: asks what to do with the call',
    '0.00 parley: answers: open a stream',
    '0.00 parley: opens the model session',
    '0.04 twilio: opens the stream',
    '0.04 model: is ready after 40 ms',
    '0.04 parley: tells the model to greet the caller',
    '0.44 agent: begins to speak',
    '1.04 agent: "Welcome to Butterfield Dental."',
    '1.84 caller: "Hello, this is Marigold Thistlewood, born 1987."',
    '1.84 tool: lookup_record {"patient":"Marigold Thistlewood","birthYear":1987}',
    expect.stringMatching(/^1\.96 tool: lookup_record answers after 120 ms: \{"patient":"Marigold/),
    '2.36 agent: answers 820 ms after the caller stopped',
    '3.06 model: stops, because the caller speaks',
    '3.06 parley: stops the agent: 700 ms of the 2.00 s that were sent were heard',
    '3.06 agent: "You have —" (cut short)',
    '3.06 twilio: the media socket is closed (1006)',
    '3.06 twilio: asks what comes after the stream',
    '3.06 parley: answers: open a stream',
    '3.36 twilio: opens stream 2: the caller is back',
    '3.56 twilio: asks what comes after the stream; the caller is gone',
    '3.56 parley: closes the stream (1000)',
    '3.56 parley: answers: nothing',
    '3.56 parley: closes the model session',
    '3.56 parley: the call is over: caller hung up',
  ]);
  expect(figures).toEqual({
    agent: '1.30 s heard of 1.94 s sent; 640 ms cleared, 660 ms never sent',
    caller: '3.22 s came; 2.22 s passed on, 1.00 s silence left out',
    waits: '820 ms',
    tools: '120 ms',
    'barge-ins': '1',
    streams: '2',
    marks: '6 sent, 6 came back',
    faults: 'none',
  });
});

test('what an operator ordered is told, with its words, and what was refused', async (context) => {
  const { lines } = await told(context, (call) => {
    call.happens({ type: 'call.received' }, { type: 'stream.started', streamSid }, { type: 'model.opened' });
    call.happens(
      { type: 'operator.noted', text: 'He is a regular.' },
      { type: 'operator.said', text: 'One moment.' },
      { type: 'operator.transferred', destination: 'nobody' },
      { type: 'operator.hungUp' },
    );
  });
  expect(lines.slice(6, -1)).toEqual([
    '0.00 parley: is told by an operator, for the agent: "He is a regular."',
    '0.00 parley: is told by an operator what to say: "One moment."',
    '0.00 parley: is told by an operator to transfer the caller to nobody',
    '0.00 parley: does not do that: There is no destination of that name.',
    '0.00 parley: is told by an operator to hang up',
    '0.00 parley: leaves the call to hang up for an operator',
    '0.00 parley: closes the stream (1000)',
  ]);
});

test('what goes wrong is told: sound that never came, lost marks, a model that closes', async (context) => {
  const { lines, figures } = await told(context, (call) => {
    const quiet = new Uint8Array(160).fill(0xff);
    call.happens({ type: 'call.received' }, { type: 'stream.started', streamSid }, { type: 'model.opened' });
    call.happens({ type: 'stream.media', sequence: 2, timestampMs: 100, audio: quiet });
    call.happens({ type: 'stream.media', sequence: 3, timestampMs: 139, audio: quiet });
    call.happens({ type: 'stream.media', sequence: 9, timestampMs: 259, audio: quiet });
    call.happens({ type: 'stream.frameRejected', fault: 'stream.frameNotJson' });
    call.happens({ type: 'stream.frameRejected', fault: 'stream.frameNotJson' });
    call.agentSpeaks(500, 'Hello.').happens({ type: 'model.generationCompleted' }).passes(2_600);
    call.happens(modelClosed(1011, 'Internal error encountered.', 'none'));
  });
  expect(lines.slice(6)).toEqual([
    "0.00 twilio: 100 ms of the caller's sound never came",
    '0.00 parley: leaves out a message that it cannot read (stream.frameNotJson)',
    '0.00 agent: begins to speak',
    '2.60 parley: gives up 2 marks that never came back',
    '2.60 agent: "Hello."',
    '2.60 model: closes the session (1011) Internal error encountered.',
    '2.60 parley: has lost the model session (model.closed)',
    '2.60 parley: gives up on the model, because no other session would help',
    '2.60 parley: closes the model session',
    '2.60 parley: leaves the call for the fallback, with an apology',
    '2.60 parley: closes the stream (1000)',
  ]);
  expect(figures).toMatchObject({
    caller: expect.stringContaining('60 ms came and 100 ms did not;'),
    marks: '2 sent, 2 given up',
    faults: '2 × stream.frameNotJson, model.closed',
  });
});

test('the caller waits for a word: a tone meanwhile is told, and ends no wait', async (context) => {
  const { lines, figures } = await told(context, (call) => {
    call.happens({ type: 'call.received' }, { type: 'stream.started', streamSid }, { type: 'model.opened' });
    call.agentSpeaks(500, 'Hello.').happens({ type: 'model.generationCompleted' });
    call.callerSends(600, 'silence').marksReturn().happens({ type: 'model.turnCompleted', reason: null });
    call.callerSends(500, 'speech').callerSends(2_400, 'silence').marksReturn();
    call.agentSpeaks(500, 'Good day.');
  });
  expect(lines.slice(-2)).toEqual([
    '3.20 parley: covers the silence with a tone',
    '3.50 agent: answers 2.40 s after the caller stopped',
  ]);
  expect(figures).toMatchObject({ waits: '2.40 s' });
});

test('it is the caller who waits for words, and one line is one', () => {
  const story = new Story(mulawCodec, new Map());
  const memory = {
    handle: null,
    callee: 'ringing' as const,
    instruction: { kind: 'stream', number: 1 } as const,
    streamNumber: 1,
    elapsedMs: 1000,
  };
  const lines = story.take({ type: 'tick', atMs: 0 }, ['anything', 'rest', 'nothing'].map(reopened));
  expect(lines.map(({ text }) => text)).toEqual([
    'has a fresh model session; the caller waits for a reply of any kind',
    'has a fresh model session; the caller waits for the rest of the reply',
    'has a fresh model session; the caller waits for nothing',
  ]);
  for (const [count, words] of [
    [0, '0 lines'],
    [1, '1 line'],
    [2, '2 lines'],
  ] as const) {
    const items = Array.from({ length: count }, () => ({
      kind: 'said' as const,
      atMs: -1,
      speaker: 'caller' as const,
      text: 'Hello.',
      cut: false,
    }));
    const [line] = story.take({ type: 'call.restored', atMs: 0, memory: { ...memory, items } }, []);
    expect(line?.text).toBe(`takes over from a process that is gone: ${words}`);
  }
});

function reopened(expected: string) {
  return { type: 'note', name: 'modelReopened', fields: { how: 'fresh', expected } };
}

async function told(context: TestContext, drive: (call: RecordedCall) => unknown) {
  const path = await recordCall(context, drive);
  const record = readLog(readFileSync(path, 'utf8'), readFileSync(path.replace('.jsonl', '.audio')));
  const story = new Story(mulawCodec, recordedComfortPrints(record.header));
  const lines = record.steps
    .flatMap(({ event, effects }) => story.take(event, effects))
    .map(({ atMs, who, text }) => `${(atMs / 1000).toFixed(2)} ${who}: ${text}`);
  return { lines, figures: Object.fromEntries(callFigures(record, story, replay(record, standardAudioPath))) };
}
