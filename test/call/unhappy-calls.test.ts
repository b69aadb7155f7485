import { describe, expect, test } from 'vitest';
import { CallScene, modelClosed, dials } from './call-scene.ts';
import { hearsByLevel } from './hears-moving.ts';

const toSupport = { kind: 'transfer', destination: 'support', reason: null } as const;

// A stream carried nothing any more in either direction, and nobody said so. Half a minute later its pulse was missed and another stream
// came. What the agent had said meanwhile counted as heard, and the caller waited in vain for somebody to speak.
test('after a stream that had died without a word, the agent speaks first', () => {
  const scene = CallScene.greeted().callerSends(400, 'silence');
  scene.passes(12_000).happens({ type: 'stream.closed', code: 1006 });
  scene.happens({ type: 'connect.ended', stream: 1, callOver: false }).forget();
  scene.happens({ type: 'stream.started', streamSid: 'MZ2' });
  expect(scene.all('model.sendText').map(({ text }) => text)).toEqual([expect.stringContaining('The line dropped')]);
});

// The proxy in front was restarted, and for some seconds Twilio reached nobody. The caller had heard the agent out, so it was the caller's
// turn, and whoever spoke meanwhile was asked only fifteen seconds later.
test('on a line that was away for seconds the agent speaks first, although nobody had to speak', () => {
  expect(back(3_000).texts).toEqual([expect.stringContaining('The line dropped')]);
  const forMoment = back(1_000).callerSends(5_000, 'silence');
  // Another stream in its place is no line that was away.
  expect(forMoment.happens({ type: 'stream.started', streamSid: 'MZ3' }).texts).toEqual([]);
});

test('a transfer that was announced is carried out although the service shuts down meanwhile', () => {
  const scene = CallScene.greeted().toolCalled('t1', 'transfer_call').toolFinished('t1', toSupport);
  scene.happens({ type: 'service.drained' }).passes(3_000);
  scene.happens({ type: 'connect.ended', stream: 1, callOver: false });
  expect(scene.answers).toEqual([dials('+15550100')]);
  expect(scene.notes('leaving')).toEqual([{ exit: 'transfer' }]);
});

describe('a transfer that reaches nobody', () => {
  test('is told to the model even if the first stream back fails', () => {
    const scene = ringing().happens({ type: 'dial.ended', attempt: null, outcome: 'busy', callOver: false });
    scene.happens(
      { type: 'connect.ended', stream: null, callOver: false },
      { type: 'stream.started', streamSid: 'MZ3' },
    );
    expect(scene.all('model.sendText').at(-1)?.text).toContain('the line was busy');
  });

  test('after the longest duration leads to the fallback, and the call keeps a deadline', () => {
    const scene = ringing({ callMsMax: 20_000 }).passes(25_000);
    scene.happens({ type: 'dial.ended', attempt: null, outcome: 'noAnswer', callOver: false });
    expect(scene.answers.at(-1)).toMatchObject({ kind: 'dial', target: { address: '+15550102' } });
    expect(scene.deadline).not.toBeNull();
  });

  test('whose model goes before the new stream starts leads to the fallback', () => {
    const scene = ringing().happens({ type: 'dial.ended', attempt: null, outcome: 'busy', callOver: false });
    scene.happens(modelClosed(1011, '', 'none'), { type: 'stream.started', streamSid: 'MZ2' });
    scene.happens({ type: 'connect.ended', stream: null, callOver: false });
    expect(scene.answers.at(-1)).toMatchObject({ kind: 'dial', say: 'I am sorry.' });
  });

  test('does not play a goodbye that came too late', () => {
    const scene = ringing().agentSpeaks(1500).happens({ type: 'model.generationCompleted' });
    scene.forget();
    scene.happens(
      { type: 'dial.ended', attempt: null, outcome: 'busy', callOver: false },
      { type: 'stream.started', streamSid: 'MZ2' },
    );
    expect(scene.all('stream.media')).toEqual([]);
  });
});

test('a transfer without a second goodbye lets the words before it be heard', () => {
  const scene = CallScene.greeted().agentSpeaks(6000).toolCalled('t1', 'transfer_call').toolFinished('t1', toSupport);
  scene.happens({ type: 'model.generationCompleted' }).passes(5_900);
  expect(scene.phase).toBe('leaving');
  scene.passes(100).marksReturn();
  expect(scene.tally.agent).toMatchObject({ cleared: 0, waiting: 0 });
  expect(scene.phase).toBe('betweenStreams');
});

test('a destination is one of the admin’s, not what every object has', () => {
  const scene = CallScene.greeted().toolCalled('t1', 'transfer_call');
  scene.toolFinished('t1', { kind: 'transfer', destination: 'constructor', reason: null });
  expect(scene.phase).toBe('talking');
});

describe('the greeting', () => {
  test('is not disturbed by what was said before its first sound', () => {
    const scene = new CallScene({}, hearsByLevel).happens(
      { type: 'call.received' },
      { type: 'stream.started', streamSid: 'MZ1' },
    );
    scene.callerSends(800, 'speech').happens({ type: 'model.opened' }).callerSends(800, 'speech');
    expect(scene.tally.caller).toMatchObject({ forwarded: 0, waiting: 12_800 });
    scene.agentSpeaks(2000).callerSends(700, 'speech');
    expect(scene.tally.caller.waiting).toBe(0);
  });

  test('that stalls does not hold back the caller for ever', () => {
    const scene = CallScene.answered().agentSpeaks(1000).passes(1000).marksReturn();
    scene.callerSends(400, 'speech').callerSends(5_000, 'silence');
    expect(scene.tally.caller.waiting).toBe(0);
    expect(scene.tally.caller.forwarded).toBeGreaterThanOrEqual(3200);
  });

  test('that broke off with its stream is asked for again', () => {
    const scene = CallScene.answered().agentSpeaks(2000).happens({ type: 'model.generationCompleted' }).passes(300);
    scene.happens({ type: 'stream.closed', code: 1006 }, { type: 'connect.ended', stream: null, callOver: false });
    scene.forget();
    scene.happens({ type: 'stream.started', streamSid: 'MZ2' });
    expect(scene.all('model.sendText').map(({ text }) => text)).toEqual([expect.stringContaining('dropped')]);
  });

  test('is not asked of a model that opens after the call was given up', () => {
    const scene = new CallScene().happens({ type: 'call.received' }, { type: 'service.drained' });
    scene.happens({ type: 'model.opened' });
    expect(scene.all('model.sendText')).toEqual([]);
  });
});

describe('a caller whom we had given up', () => {
  test.each([
    ['because the stream never started', new CallScene().happens({ type: 'call.received' }).passes(10_000)],
    [
      'because the stream broke and nobody asked',
      CallScene.greeted().happens({ type: 'stream.closed', code: 1006 }).passes(12_000),
    ],
  ])('%s, and who is there after all, gets the apology and the fallback', (_why, scene) => {
    scene.forget();
    scene.happens({ type: 'connect.ended', stream: null, callOver: false });
    expect(scene.answers).toEqual([dials('+15550102', { attempt: 0, transfer: null, say: 'I am sorry.' })]);
    scene.happens({ type: 'dial.ended', attempt: null, outcome: 'busy', callOver: false });
    expect(scene.answers.at(-1)).toEqual({ kind: 'hangUp', say: 'I am sorry.' });
  });
});

test('a model is closed as soon as nobody can hear it any more', () => {
  const scene = CallScene.greeted();
  for (let index = 0; index < 6; index += 1) {
    scene.happens({ type: 'stream.closed', code: 1006 }, { type: 'connect.ended', stream: null, callOver: false });
    scene.happens({ type: 'stream.started', streamSid: `MZ${index}` });
  }
  expect(scene.phase).toBe('dialling');
  expect(scene.types).toContain('model.close');
});

describe('the transcript', () => {
  test('leaves out words whose audio never came', () => {
    const scene = CallScene.greeted().happens({ type: 'model.agentTranscript', text: 'Your order is late.' });
    scene.happens({ type: 'model.interrupted' });
    expect(scene.lines).toEqual([]);
  });

  test('leaves out a greeting that was held and never played', () => {
    const scene = new CallScene().happens({ type: 'call.received' }, { type: 'model.opened' });
    scene.happens({ type: 'model.agentTranscript', text: 'Hello there.' }).agentSpeaks(1000);
    scene.happens({ type: 'model.generationCompleted' }, { type: 'call.completed' });
    expect(scene.lines).toEqual([]);
  });

  test('does not cut the caller’s line where the agent’s ends', () => {
    const scene = CallScene.greeted().happens({ type: 'model.agentTranscript', text: 'Anything else?' });
    scene.agentSpeaks(1000).happens({ type: 'model.generationCompleted' }).passes(1000);
    scene.happens({ type: 'model.callerTranscript', text: 'No tha' }).marksReturn();
    scene.happens({ type: 'model.callerTranscript', text: 'nks.' }).agentSpeaks(200);
    expect(scene.lines).toEqual(['agent: Anything else?', 'caller: No thanks.']);
  });
});

/** A call whose transfer to support rings. */
function ringing(changes: ConstructorParameters<typeof CallScene>[0] = {}): CallScene {
  const scene = CallScene.greeted(changes).toolCalled('t1', 'transfer_call').toolFinished('t1', toSupport);
  return scene.passes(3_000).happens({ type: 'connect.ended', stream: null, callOver: false });
}

/** A greeted call whose line was away for so long. */
function back(awayMs: number): CallScene {
  const scene = CallScene.greeted().callerSends(2_000, 'silence').happens({ type: 'stream.closed', code: 1006 });
  scene.passes(awayMs).happens({ type: 'connect.ended', stream: 1, callOver: false });
  return scene.happens({ type: 'stream.started', streamSid: 'MZ2' });
}
