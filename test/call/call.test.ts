import { describe, expect, test } from 'vitest';
import { CallScene, modelClosed, modelOpenFailed, dials } from './call-scene.ts';
import { hearsByLevel } from './hears-moving.ts';

describe('the beginning of a call', () => {
  test('the model session is opened when the webhook arrives, before any stream', () => {
    const scene = new CallScene().happens({ type: 'call.received' });
    expect(scene.ordered).toEqual([
      { type: 'call.answer', instruction: { kind: 'stream', number: 1 } },
      { type: 'model.open', handle: null, recap: null, fallback: false },
    ]);
  });

  test('a webhook that is delivered twice gets the same answer and no second session', () => {
    const scene = new CallScene().happens({ type: 'call.received' }, { type: 'call.received' });
    expect(scene.answers).toEqual([
      { kind: 'stream', number: 1 },
      { kind: 'stream', number: 1 },
    ]);
    expect(scene.all('model.open')).toHaveLength(1);
  });

  test('the agent is asked to greet as soon as the model is open', () => {
    const scene = new CallScene().happens({ type: 'call.received' }, { type: 'model.opened' });
    expect(scene.all('model.sendText').map(({ text }) => text)).toEqual([expect.stringContaining('this is Parley')]);
  });

  test('a greeting that is ready before the stream is held and goes out when the stream starts', () => {
    const scene = new CallScene().happens({ type: 'call.received' }, { type: 'model.opened' }).agentSpeaks(300);
    expect(scene.all('stream.media')).toEqual([]);
    scene.happens({ type: 'stream.started', streamSid: 'MZ1' });
    expect(scene.all('stream.media').map(({ audio }) => audio.length)).toEqual([2400]);
  });

  test('when calls come in too fast, the model session is opened with the stream', () => {
    const scene = new CallScene().happens({ type: 'service.crowded' }, { type: 'call.received' });
    scene.happens({ type: 'call.received' });
    expect(scene.all('model.open')).toEqual([]);
    scene.happens({ type: 'stream.started', streamSid: 'MZ1' });
    expect(scene.all('model.open')).toHaveLength(1);
    scene.happens({ type: 'model.opened' }).agentSpeaks(300);
    expect(scene.all('model.sendText')).toHaveLength(1);
    expect(scene.all('stream.media').map(({ audio }) => audio.length)).toEqual([2400]);
    scene.happens({ type: 'stream.closed', code: 1006 }, { type: 'connect.ended', stream: 1, callOver: false });
    scene.happens({ type: 'stream.started', streamSid: 'MZ2' });
    expect(scene.all('model.open')).toHaveLength(1);
  });

  test.for([
    ['whose stream never starts', 'streamNeverStarted', (scene: CallScene) => scene.passes(10_000)],
    [
      'that the service leaves',
      'apologised',
      (scene: CallScene) => {
        scene.happens({ type: 'service.drained' }, { type: 'stream.started', streamSid: 'MZ1' }).passes(3_000);
        return scene
          .happens({ type: 'connect.ended', stream: 1, callOver: false })
          .happens({ type: 'dial.ended', attempt: null, outcome: 'connected', callOver: false });
      },
    ],
  ] as const)('such a call %s never has a session', ([, reason, ends]) => {
    const scene = ends(new CallScene().happens({ type: 'service.crowded' }, { type: 'call.received' }));
    expect([scene.endReason, scene.all('model.open')]).toEqual([reason, []]);
  });

  test('a call whose stream never starts ends after ten seconds and closes its session', () => {
    const scene = new CallScene().happens({ type: 'call.received' }, { type: 'model.opened' }).passes(9_999);
    expect(scene.phase).toBe('awaitingStream');
    scene.passes(1);
    expect(scene.endReason).toBe('streamNeverStarted');
    expect(scene.types).toContain('model.close');
  });
});

describe('what the caller says while the agent gets ready', () => {
  test('speech before the model is open is kept and delivered in order after the greeting', () => {
    const scene = new CallScene({}, hearsByLevel);
    scene.happens({ type: 'call.received' }, { type: 'stream.started', streamSid: 'MZ1' });
    scene.callerSends(300, 'speech').happens({ type: 'model.opened' });
    expect(scene.all('model.sendAudio')).toEqual([]);
    scene.agentSpeaks(1000).happens({ type: 'model.generationCompleted' }).passes(1000).marksReturn();
    expect(scene.tally.caller).toMatchObject({ received: 2400, forwarded: 2400, waiting: 0 });
  });

  test('a short "hello?" over the greeting waits, and the model hears silence in its place', () => {
    const scene = CallScene.answered({}, hearsByLevel).agentSpeaks(1000).callerSends(400, 'speech');
    expect(scene.tally.caller.waiting).toBe(3200);
    expect(scene.all('model.sendAudio').every(({ pcm }) => pcm.every((byte) => byte === 0))).toBe(true);
    expect(scene.all('model.sendAudio')).toHaveLength(20);
  });

  test('speech that goes on is a real barge-in and is delivered at once, from its first frame', () => {
    const scene = CallScene.answered({}, hearsByLevel).agentSpeaks(3000).callerSends(700, 'speech');
    expect(scene.tally.caller).toMatchObject({ received: 5600, forwarded: 5600, waiting: 0 });
  });

  test('noise alone, however loud, does not reach the model, and nobody is expected to be answered', () => {
    const scene = CallScene.answered({}, hearsByLevel).agentSpeaks(2_000).callerSends(1_000, 'noise');
    expect(scene.tally.caller).toMatchObject({ forwarded: 0, waiting: 8_000 });
    scene.callerSends(1_000, 'silence').happens({ type: 'model.generationCompleted' }).marksReturn();
    scene.callerSends(10_000, 'silence');
    expect(scene.tally.caller).toMatchObject({ forwarded: 80_000, replaced: 16_000 });
    expect(scene.steps).toEqual([]);
  });

  test('in noise, the model hears the noise while words wait, and the words alone afterwards', () => {
    const scene = CallScene.answered({}, hearsByLevel).agentSpeaks(6_000).callerSends(1_500, 'noise');
    const sent = scene.all('model.sendAudio').length;
    scene.callerSends(400, 'speech').callerSends(3_900, 'noise');
    const whileWaiting = scene.all('model.sendAudio').slice(sent);
    const loudest = Math.max(...whileWaiting.flatMap(({ pcm }) => [...new Int16Array(pcm.buffer)]));
    expect(whileWaiting).toHaveLength(4_300 / 20);
    expect(loudest).toBeGreaterThan(100);
    expect(loudest).toBeLessThan(1_000);
    scene.happens({ type: 'model.generationCompleted' }).marksReturn();
    // The word is noticed 40 ms late. With it goes what lies 240 ms before that, and a second behind it.
    expect(scene.tally.caller.forwarded).toBe(8 * (240 + 360 + 1_000));
  });

  test('noise that has passed is silence again for the model', () => {
    const scene = CallScene.answered({}, hearsByLevel).agentSpeaks(6_000).callerSends(1_500, 'noise');
    scene.callerSends(700, 'silence').forget().callerSends(1_000, 'silence');
    expect(scene.types).not.toContain('model.sendAudio');
    expect(scene.sentToModelMs).toBe(1_000);
  });

  test('held silence is not delivered late', () => {
    const scene = CallScene.answered().agentSpeaks(2000).callerSends(2000, 'silence');
    scene.happens({ type: 'model.generationCompleted' }).marksReturn();
    expect(scene.tally.caller).toMatchObject({ forwarded: 0, replaced: 16_000, waiting: 0 });
  });

  test('a greeting that never comes does not keep the caller waiting', () => {
    const scene = CallScene.answered({}, hearsByLevel).callerSends(400, 'speech').passes(4_000);
    expect(scene.tally.caller.waiting).toBe(0);
    expect(scene.tally.caller.forwarded).toBe(3200);
  });
});

describe('barge-in', () => {
  test('Twilio is told to clear, and late audio of the old turn is dropped', () => {
    const scene = CallScene.greeted().agentSpeaks(2000).passes(500);
    scene.forget();
    scene.happens({ type: 'model.interrupted' }).agentSpeaks(240).passes(500).agentSpeaks(240);
    expect(scene.types).toEqual(['stream.clear', 'stream.media', 'stream.mark']);
    expect(scene.all('stream.mark').map(({ name }) => name)).toEqual(['g2.1']);
  });

  test('a new turn right behind the end of the interrupted one is not taken for late audio', () => {
    const scene = CallScene.greeted().agentSpeaks(2000).passes(500).happens({ type: 'model.interrupted' });
    scene.happens({ type: 'model.turnCompleted', reason: null }).agentSpeaks(240);
    expect(scene.types.slice(-2)).toEqual(['stream.media', 'stream.mark']);
  });

  test('the transcript keeps what was heard, not what was sent', () => {
    const scene = CallScene.greeted().happens({ type: 'model.agentTranscript', text: 'one two three four five six' });
    scene.agentSpeaks(3000).callerHears(1500).happens({ type: 'model.interrupted' });
    expect(scene.lines).toEqual(['agent: one two three —']);
  });

  test('marks that come back because of the clear do not count as heard', () => {
    const scene = CallScene.greeted().agentSpeaks(2000).passes(100).happens({ type: 'model.interrupted' });
    const heard = scene.tally.agent.heard;
    scene.marksReturn();
    expect(scene.tally.agent.heard).toBe(heard);
    expect(scene.tally.agent).toMatchObject({ waiting: 0, queued: 0, cleared: 8 * 640, dropped: 8 * 1_260 });
  });

  test('an interruption when all has been heard clears nothing', () => {
    const scene = CallScene.greeted().happens({ type: 'model.interrupted' });
    expect(scene.types).toEqual([]);
  });
});

describe('tool calls', () => {
  test('each is run once and answered once', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'lookup_record').toolCalled('t1', 'lookup_record');
    scene.toolFinished('t1').toolFinished('t1');
    expect(scene.types).toEqual(['tool.run', 'model.answerTools']);
  });

  test('a cancelled one is stopped and still answered', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'lookup_record');
    scene.happens({ type: 'model.toolCancelled', ids: ['t1'] }).toolFinished('t1');
    expect(scene.types).toEqual(['tool.run', 'model.answerTools', 'tool.cancel']);
  });

  test('one that takes too long is answered with an error', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'lookup_record').passes(8_000);
    expect(scene.all('model.answerTools')[0]?.answers[0]?.response).toMatchObject({ error: 'It took too long.' });
    expect(scene.types).toContain('tool.cancel');
  });

  test('more than sixteen at once are answered with an error and not run', () => {
    const scene = CallScene.greeted();
    for (let index = 0; index < 17; index += 1) scene.toolCalled(`t${index}`, 'lookup_record');
    expect(scene.all('tool.run')).toHaveLength(16);
    expect(scene.all('model.answerTools')).toHaveLength(1);
  });

  test('none is answered after the last session has gone', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'lookup_record');
    scene.happens(modelClosed(1011, '', 'none')).toolFinished('t1');
    expect(scene.all('model.answerTools')).toEqual([]);
    expect(scene.types).toContain('tool.cancel');
  });
});

describe('transfer', () => {
  const toSupport = { kind: 'transfer', destination: 'support', reason: null } as const;

  test('the tool is answered at once, and the stream closes after the last mark of the goodbye', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'transfer_call').toolFinished('t1', toSupport);
    expect(scene.types).toEqual(['tool.run', 'model.answerTools']);
    scene.agentSpeaks(800).happens({ type: 'model.generationCompleted' }).passes(800);
    expect(scene.phase).toBe('leaving');
    scene.marksReturn();
    expect(scene.types.at(-1)).toBe('stream.close');
    scene.happens({ type: 'connect.ended', stream: null, callOver: false });
    expect(scene.answers).toEqual([dials('+15550100')]);
    scene.happens({ type: 'dial.ended', attempt: null, outcome: 'connected', callOver: true });
    expect(scene.endReason).toBe('transferred');
  });

  // A process that had stood still went on with the transfer of a call which another had ended meanwhile, and wrote down that the caller
  // was connected. So did every call whose caller hung up during the goodbye.
  test.for<readonly [string, (scene: CallScene) => CallScene]>([
    ['the action says so', (scene) => scene.happens({ type: 'connect.ended', stream: null, callOver: true })],
    ['the status says so', (scene) => scene.happens({ type: 'call.completed' })],
    [
      'the interface says so',
      (scene) => scene.passes(10_000).happens({ type: 'telephony.failed', fault: 'telephony.refused', callOver: true }),
    ],
  ])('a caller who has gone before anybody was called was not transferred: %s', ([, over]) => {
    const scene = CallScene.greeted().toolCalled('t1', 'transfer_call').toolFinished('t1', toSupport).passes(3_000);
    expect(over(scene).endReason).toBe('callerHungUp');
  });

  test('one that was taken before Twilio had answered the redirect is one', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'transfer_call').toolFinished('t1', toSupport).passes(13_000);
    scene.happens({ type: 'dial.ended', attempt: null, outcome: 'connected', callOver: true });
    expect(scene.endReason).toBe('transferred');
  });

  test('a goodbye that never comes does not hold it up', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'transfer_call').toolFinished('t1', toSupport).passes(3_000);
    expect(scene.phase).toBe('betweenStreams');
  });

  test('a lost last mark does not hold it up', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'transfer_call').toolFinished('t1', toSupport);
    scene.agentSpeaks(800).happens({ type: 'model.generationCompleted' }).passes(1_900);
    expect(scene.phase).toBe('betweenStreams');
  });

  test('one that was announced survives its cancellation and the caller who speaks over the goodbye', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'transfer_call').toolFinished('t1', toSupport).agentSpeaks(800);
    scene.happens({ type: 'model.interrupted' }, { type: 'model.toolCancelled', ids: ['t1'] });
    scene.happens({ type: 'connect.ended', stream: null, callOver: false });
    expect(scene.answers).toEqual([dials('+15550100')]);
  });

  test('when nobody takes it the caller comes back, and the model is told why', () => {
    const scene = transferred('support');
    scene.happens({ type: 'dial.ended', attempt: null, outcome: 'busy', callOver: false });
    expect(scene.answers.at(-1)).toEqual({ kind: 'stream', number: 2 });
    scene.happens({ type: 'stream.started', streamSid: 'MZ2' });
    expect(scene.all('model.sendText').at(-1)?.text).toContain('the line was busy');
    expect(scene.phase).toBe('talking');
  });

  test('when nobody takes it and the model has gone, the fallback takes over', () => {
    const scene = transferred('support').happens(modelClosed(1000, '', 'none'));
    scene.happens({ type: 'dial.ended', attempt: null, outcome: 'noAnswer', callOver: false });
    expect(scene.answers.at(-1)).toEqual(dials('+15550102', { attempt: 2, transfer: null, say: 'I am sorry.' }));
    scene.happens({ type: 'dial.ended', attempt: null, outcome: 'failed', callOver: false });
    expect(scene.answers.at(-1)).toEqual({ kind: 'hangUp', say: 'I am sorry.' });
    expect(scene.endReason).toBe('apologised');
  });

  test('the session is closed once the leg has rung out, and not before', () => {
    const scene = transferred('support').passes(44_000);
    expect(scene.types).not.toContain('model.close');
    scene.passes(1_000);
    expect(scene.types).toContain('model.close');
  });

  test('an unknown destination is refused, and the names are told', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'transfer_call');
    scene.toolFinished('t1', { kind: 'transfer', destination: '+15559999', reason: null });
    const [answer] = scene.all('model.answerTools')[0]?.answers ?? [];
    expect(answer?.response.error).toContain('support, sales');
    expect(scene.phase).toBe('talking');
  });

  test('a second wish to leave is refused', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'transfer_call').toolFinished('t1', toSupport);
    scene.toolCalled('t2', 'end_call').toolFinished('t2', { kind: 'hangUp' });
    expect(scene.all('model.answerTools')[1]?.answers[0]?.response.error).toContain('ended already');
  });
});

describe('hang-up by the agent', () => {
  test('it waits for the goodbye that is being spoken', () => {
    const scene = CallScene.greeted().agentSpeaks(600).toolCalled('t1', 'end_call');
    scene.toolFinished('t1', { kind: 'hangUp' }).happens({ type: 'model.turnCompleted', reason: null });
    expect(scene.phase).toBe('leaving');
    scene.passes(600).marksReturn().happens({ type: 'connect.ended', stream: null, callOver: false });
    expect(scene.answers).toEqual([{ kind: 'hangUp', say: null }]);
    expect(scene.endReason).toBe('agentHungUp');
  });

  test('its answer stays an answer when the action is asked for twice', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'end_call').toolFinished('t1', { kind: 'hangUp' }).passes(3_000);
    scene.happens(
      { type: 'connect.ended', stream: null, callOver: false },
      { type: 'connect.ended', stream: null, callOver: false },
    );
    expect(scene.answers).toEqual([
      { kind: 'hangUp', say: null },
      { kind: 'hangUp', say: null },
    ]);
  });

  test('at the longest duration an agent that is silent says a goodbye that comes at once', () => {
    const scene = CallScene.greeted({ callMsMax: 5_000 }).passes(4_000).forget().passes(100);
    scene.agentSpeaks(500);
    expect(scene.all('stream.media')).toHaveLength(1);
  });

  test('at the longest duration the agent is cut off and says goodbye', () => {
    const scene = CallScene.greeted({ callMsMax: 60_000 }).agentSpeaks(59_500).passes(59_000);
    expect(scene.otherTypes.filter((type) => !type.startsWith('transcript'))).toEqual([
      'stream.clear',
      'model.sendText',
    ]);
    scene.forget();
    scene.passes(900).agentSpeaks(500).happens({ type: 'model.generationCompleted' }).passes(500).marksReturn();
    expect(scene.types).toContain('stream.close');
    scene.happens({ type: 'connect.ended', stream: null, callOver: false });
    expect(scene.answers).toEqual([{ kind: 'hangUp', say: null }]);
  });
});

describe('a model that cannot be had', () => {
  test.each([modelOpenFailed('model.setupRefused', 'none'), modelClosed(1007, 'API key expired.', 'none')])(
    '$type sends the caller to the fallback with an apology',
    (loss) => {
      const scene = new CallScene().happens({ type: 'call.received' }, { type: 'stream.started', streamSid: 'MZ1' });
      scene.happens(loss, { type: 'connect.ended', stream: null, callOver: false });
      expect(scene.answers.at(-1)).toEqual(dials('+15550102', { transfer: null, say: 'I am sorry.' }));
    },
  );

  test('without a fallback the caller hears the apology and the call ends', () => {
    const scene = CallScene.greeted({ fallback: { number: null, voicemail: null } });
    scene.happens(modelClosed(1011, '', 'none'), { type: 'connect.ended', stream: null, callOver: false });
    expect(scene.answers).toEqual([{ kind: 'hangUp', say: 'I am sorry.' }]);
    expect(scene.endReason).toBe('apologised');
  });

  test('what the caller has not heard yet is played first', () => {
    const scene = CallScene.greeted()
      .agentSpeaks(1000)
      .happens(modelClosed(1011, '', 'none'));
    expect(scene.phase).toBe('leaving');
    scene.passes(1000).marksReturn();
    expect(scene.phase).toBe('betweenStreams');
  });

  test('because no setup is ever answered is given up after fifteen seconds', () => {
    const scene = new CallScene().happens({ type: 'call.received' }, { type: 'stream.started', streamSid: 'MZ1' });
    scene.passes(14_999);
    expect(scene.all('model.open').length).toBeGreaterThan(2);
    expect(scene.phase).toBe('talking');
    scene.passes(10_000);
    expect(scene.phase).toBe('betweenStreams');
  });

  test('a session that fails before the stream starts lets the stream end at once', () => {
    const scene = new CallScene().happens({ type: 'call.received' });
    scene.happens(modelOpenFailed('model.setupRefused', 'none'));
    expect(scene.phase).toBe('awaitingStream');
    scene.happens({ type: 'stream.started', streamSid: 'MZ1' });
    expect(scene.types.at(-1)).toBe('stream.close');
  });
});

describe('the end of a stream', () => {
  test('a stop ends the stream and not the call, which comes back with a fresh one', () => {
    const scene = CallScene.greeted().happens({ type: 'stream.stopped' });
    expect(scene.phase).toBe('betweenStreams');
    scene.happens(
      { type: 'connect.ended', stream: null, callOver: false },
      { type: 'stream.started', streamSid: 'MZ2' },
    );
    expect(scene.answers).toEqual([{ kind: 'stream', number: 2 }]);
    expect(scene.phase).toBe('talking');
    expect(scene.all('model.open')).toEqual([]);
  });

  test('a caller who hung up ends the call, whichever news comes first', () => {
    const byAction = CallScene.greeted().happens(
      { type: 'stream.stopped' },
      { type: 'connect.ended', stream: null, callOver: true },
    );
    const byStatus = CallScene.greeted().happens({ type: 'call.completed' });
    const byNothing = CallScene.greeted().happens({ type: 'stream.closed', code: 1005 }).passes(10_000);
    expect([byAction, byStatus, byNothing].map(({ endReason }) => endReason)).toEqual(Array(3).fill('callerHungUp'));
    expect(byAction.answers).toEqual([{ kind: 'nothing' }]);
  });

  test('a stream that breaks again and again leads to the fallback', () => {
    const scene = CallScene.greeted();
    for (let index = 0; index < 6; index += 1) {
      scene.happens({ type: 'stream.closed', code: 1006 }, { type: 'connect.ended', stream: null, callOver: false });
      scene.happens({ type: 'stream.started', streamSid: `MZ${index}` });
    }
    expect(scene.answers.map(({ kind }) => kind)).toEqual(['stream', 'stream', 'stream', 'stream', 'stream', 'dial']);
  });

  test('what was said is written down when the stream is lost: the question, and the answer as far as it came', () => {
    const scene = CallScene.greeted().callerAsks().happens({ type: 'model.callerTranscript', text: 'Where is it?' });
    const asked = scene.happens({ type: 'stream.closed', code: 1001 }).lines;
    const speaking = CallScene.greeted().happens({
      type: 'model.agentTranscript',
      text: 'It is on its way and so on.',
    });
    speaking.agentSpeaks(600).passes(600).marksReturn().happens({ type: 'stream.closed', code: 1001 });
    expect([asked, speaking.lines]).toEqual([['caller: Where is it?'], ['agent: It is on its']]);
  });

  test('audio that was not played is gone with the stream, and the transcript says so', () => {
    const scene = CallScene.greeted().happens({ type: 'model.agentTranscript', text: 'one two three four' });
    scene.agentSpeaks(4000).callerHears(2000).happens({ type: 'stream.closed', code: 1006 });
    expect(scene.lines).toEqual(['agent: one two —']);
  });

  test('a stream with too many unusable frames is closed and comes back', () => {
    const scene = CallScene.greeted();
    for (let index = 0; index < 51; index += 1) {
      scene.happens({ type: 'stream.frameRejected', fault: 'stream.frameNotJson' });
    }
    expect(scene.all('stream.close')).toEqual([{ type: 'stream.close', code: 1008 }]);
    scene.happens({ type: 'connect.ended', stream: null, callOver: false });
    expect(scene.answers).toEqual([{ kind: 'stream', number: 2 }]);
  });

  test('when Twilio does not ask what comes next it is told by REST, once', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'end_call').toolFinished('t1', { kind: 'hangUp' });
    scene.passes(3_000).passes(10_000);
    expect(scene.all('telephony.update')).toEqual([
      { type: 'telephony.update', instruction: { kind: 'hangUp', say: null } },
    ]);
    scene.happens({ type: 'telephony.updated' });
    expect(scene.endReason).toBe('agentHungUp');
  });

  test('a redirect that fails ends the call with the reason', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'end_call').toolFinished('t1', { kind: 'hangUp' });
    scene.passes(13_000).happens({ type: 'telephony.failed', fault: 'telephony.refused', callOver: false });
    expect(scene.endReason).toBe('redirectFailed');
  });
});

test('a service that shuts down sends the call to its fallback', () => {
  const scene = CallScene.greeted().happens(
    { type: 'service.drained' },
    { type: 'connect.ended', stream: null, callOver: false },
  );
  expect(scene.answers).toEqual([dials('+15550102', { transfer: null, say: 'I am sorry.' })]);
});

test('an ended call waits for nothing and still answers a late webhook', () => {
  const scene = CallScene.greeted().happens({ type: 'call.completed' });
  expect(scene.deadline).toBeNull();
  scene.forget();
  scene.happens(
    { type: 'connect.ended', stream: null, callOver: true },
    { type: 'stream.media', ...frame },
    { type: 'tick' },
  );
  expect(scene.ordered).toEqual([{ type: 'call.answer', instruction: { kind: 'nothing' } }]);
});

const frame = { sequence: 1, timestampMs: 20, audio: new Uint8Array(160) };

/** A call whose transfer rings. */
function transferred(destination: string): CallScene {
  const scene = CallScene.greeted().toolCalled('t1', 'transfer_call');
  scene.toolFinished('t1', { kind: 'transfer', destination, reason: null }).passes(3_000);
  return scene.happens({ type: 'connect.ended', stream: null, callOver: false });
}
