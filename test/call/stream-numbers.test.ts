import { describe, expect, test } from 'vitest';
import { CallScene } from './call-scene.ts';

const lost = { type: 'stream.closed', code: 1006 } as const;

describe('a stream', () => {
  test('has the next number whenever one is asked for, and a repeated voice webhook repeats the first', () => {
    const scene = new CallScene().happens({ type: 'call.received' }, { type: 'call.received' });
    scene.happens({ type: 'stream.started', streamSid: 'MZ1' }, lost, asked(1));
    scene.happens({ type: 'stream.started', streamSid: 'MZ2' }, lost, asked(2));
    scene.happens({ type: 'call.received' });
    expect(scene.answers.map(numberOf)).toEqual([1, 1, 2, 3, 1]);
  });
});

describe('a question about a stream that another one has followed', () => {
  test('repeats the answer and lets the live stream go on', () => {
    const scene = CallScene.greeted().happens(lost, asked(1), { type: 'stream.started', streamSid: 'MZ2' });
    scene.forget();
    scene.happens(asked(1));
    expect(scene.phase).toBe('talking');
    expect(scene.types).toEqual(['call.answer']);
    expect(scene.answers).toEqual([{ kind: 'stream', number: 2 }]);
    scene.agentSpeaks(20);
    expect(scene.all('stream.media')).not.toEqual([]);
  });

  test('gets the stream again that has not begun, and uses up none of the returns', () => {
    const scene = CallScene.greeted().happens(lost);
    for (let repeated = 0; repeated < 20; repeated += 1) scene.happens(asked(1));
    expect(new Set(scene.answers.map(numberOf))).toEqual(new Set([2]));
    expect(scene.phase).toBe('awaitingStream');
  });

  test('does not bring back a caller who is being transferred', () => {
    const scene = CallScene.greeted().toolCalled('t1', 'transfer_call');
    scene
      .toolFinished('t1', { kind: 'transfer', destination: 'support', reason: null })
      .passes(3_000)
      .happens(asked(1));
    const dialled = scene.answers;
    scene.happens(asked(1));
    expect(scene.answers).toEqual([...dialled, ...dialled]);
    expect(scene.phase).toBe('dialling');
  });

  test('still ends the call when it says that the call is over', () => {
    const scene = CallScene.greeted().happens(lost, asked(1), { type: 'stream.started', streamSid: 'MZ2' });
    scene.happens({ type: 'connect.ended', stream: 1, callOver: true });
    expect(scene.endReason).toBe('callerHungUp');
    expect(scene.all('stream.close')).toHaveLength(1);
  });
});

test.each([[2], [null]])('a question about the live stream (%s) brings the next one', (stream) => {
  const scene = CallScene.greeted().happens(lost, asked(1), { type: 'stream.started', streamSid: 'MZ2' });
  scene.forget();
  scene.happens({ type: 'connect.ended', stream, callOver: false });
  expect(scene.answers).toEqual([{ kind: 'stream', number: 3 }]);
  expect(scene.types).toContain('stream.close');
});

test('a number that another process gave is not given again', () => {
  const scene = new CallScene().happens(asked(4));
  expect(scene.answers).toEqual([{ kind: 'stream', number: 5 }]);
});

function asked(stream: number) {
  return { type: 'connect.ended', stream, callOver: false } as const;
}

function numberOf(instruction: CallScene['answers'][number]): number | null {
  return instruction.kind === 'stream' ? instruction.number : null;
}
