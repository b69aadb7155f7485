import { describe, expect, test } from 'vitest';
import type { CallFact } from '../../../src/call/events.ts';
import { CallScene } from '../call-scene.ts';

const voicemail = { prompt: 'Leave a message.', thanks: 'Thank you.', secondsMax: 60 };
const withoutPerson = { fallback: { number: null, voicemail } };
const withPerson = { fallback: { number: '+15550102', voicemail } };

const asksForMessage = { kind: 'record', say: 'I am sorry. Leave a message.', secondsMax: 60 };
const thanks = { kind: 'hangUp', say: 'Thank you.' };
const silently = { kind: 'hangUp', say: null };

const asked = { type: 'connect.ended', stream: null, callOver: false } as const;
const spoke = { type: 'record.ended', durationMs: 7_000, callOver: false } as const;
const completed = { type: 'call.completed' } as const;

describe('a call that the agent cannot go on with', () => {
  test('takes a message when there is no fallback number', () => {
    const scene = recording();
    expect(scene.answers).toEqual([asksForMessage]);
    scene.happens(spoke);
    expect(scene.answers.at(-1)).toEqual(thanks);
    expect(scene.endReason).toBe('leftVoicemail');
  });

  test.each(['busy', 'noAnswer', 'failed', 'canceled'] as const)(
    'takes a message when the fallback number is %s',
    (outcome) => {
      const scene = dialling().happens({ type: 'dial.ended', attempt: null, outcome, callOver: false });
      expect(scene.answers.at(-1)).toEqual(asksForMessage);
      expect(scene.phase).toBe('recording');
    },
  );

  test('takes none when somebody took the call, or the caller is gone', () => {
    const taken = dialling().happens({ type: 'dial.ended', attempt: null, outcome: 'connected', callOver: false });
    expect(taken.answers.at(-1)).toEqual(silently);
    const gone = dialling().happens({ type: 'dial.ended', attempt: null, outcome: 'busy', callOver: true });
    expect(gone.answers.at(-1)).toEqual({ kind: 'nothing' });
  });

  test('takes a message after a transfer that failed without a model', () => {
    const scene = CallScene.greeted(withoutPerson).toolCalled('t1', 'transfer_call');
    scene.toolFinished('t1', { kind: 'transfer', destination: 'support', reason: null }).passes(3_000).happens(asked);
    scene.passes(46_000).happens({ type: 'dial.ended', attempt: null, outcome: 'noAnswer', callOver: false });
    expect(scene.answers.at(-1)).toEqual(asksForMessage);
  });

  test('takes a message by REST when Twilio does not ask', () => {
    const scene = CallScene.greeted(withoutPerson).happens({ type: 'service.drained' }).passes(12_000);
    expect(scene.all('telephony.update').map(({ instruction }) => instruction)).toEqual([asksForMessage]);
    scene.happens({ type: 'telephony.updated' });
    expect(scene.phase).toBe('recording');
  });

  test('takes a message from a caller whom we had given up', () => {
    const scene = new CallScene(withoutPerson).happens({ type: 'call.received' }).passes(10_000);
    scene.forget();
    scene.happens(asked, asked, spoke, spoke);
    expect(scene.answers).toEqual([asksForMessage, asksForMessage, thanks, thanks]);
  });
});

describe('while a message is taken', () => {
  test('the model is gone, and a repeated question repeats the answer', () => {
    const scene = recording();
    expect(scene.types).toContain('model.close');
    scene.happens(asked);
    expect(scene.answers).toEqual([asksForMessage, asksForMessage]);
    expect(scene.phase).toBe('recording');
  });

  test('the call waits as long as prompt and message can take, and not for ever', () => {
    const scene = dialling().happens({ type: 'dial.ended', attempt: null, outcome: 'busy', callOver: false });
    expect(scene.deadline).toBe('record');
    scene.passes(200_000);
    expect(scene.phase).toBe('recording');
    scene.passes(40_000);
    expect(scene.endReason).toBe('apologised');
    scene.happens(spoke);
    expect(scene.answers.at(-1)).toEqual(thanks);
  });

  test('a recording without a word is no message', () => {
    const scene = recording().happens({ type: 'record.ended', durationMs: 0, callOver: false });
    expect(scene.answers.at(-1)).toEqual(silently);
    expect(scene.endReason).toBe('apologised');
  });
});

describe('a caller who hangs up after the tone', () => {
  test.each<[string, readonly CallFact[], string]>([
    ['the action says so', [{ ...spoke, callOver: true }], 'leftVoicemail'],
    ['the action comes last', [completed, { ...spoke, callOver: true }], 'leftVoicemail'],
    ['only the recording is told', [completed, completed, stored('completed')], 'leftVoicemail'],
    ['the recording is told first', [stored('completed'), { ...spoke, callOver: true }], 'leftVoicemail'],
    ['the recording is empty', [completed, stored('absent')], 'apologised'],
    ['the recording failed', [completed, stored('failed')], 'apologised'],
  ])('has left what Twilio says: %s', (_when, facts, reason) => {
    expect(recording().happens(...facts).endReason).toBe(reason);
  });

  test('has left nothing when Twilio says no more for ten seconds', () => {
    const scene = recording().happens(completed).passes(5_000).happens(completed, asked).passes(4_900);
    expect(scene.phase).toBe('recording');
    scene.passes(100);
    expect(scene.endReason).toBe('apologised');
  });
});

/** A call whose model was lost and whose caller is asked for a message. */
function recording(): CallScene {
  const scene = CallScene.greeted(withoutPerson).happens({ type: 'service.drained' }).passes(1_500).happens(asked);
  expect(scene.phase).toBe('recording');
  return scene;
}

/** A call whose fallback number rings. */
function dialling(): CallScene {
  const scene = CallScene.greeted(withPerson).happens({ type: 'service.drained' }).passes(1_500).happens(asked);
  expect(scene.phase).toBe('dialling');
  return scene;
}

function stored(status: 'completed' | 'absent' | 'failed'): CallFact {
  const url = status === 'completed' ? 'https://api.twilio.com/Recordings/RE1' : null;
  return { type: 'recording.stored', status, durationMs: 7_000, recordingSid: 'RE1', url };
}
