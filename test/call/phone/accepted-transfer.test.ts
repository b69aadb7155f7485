import { describe, expect, test } from 'vitest';
import type { CallFact } from '../../../src/call/events.ts';
import { announcementWords, plainTarget, shortReason } from '../../../src/call/phone/destination.ts';
import { CallScene, dials, placeAt } from '../call-scene.ts';

const first = '+15550100';
const second = '+15550101';
const place = placeAt(first, { accept: 'press1', announcement: '{{caller}}: {{reason}} Press 1.' });

const answered = { type: 'callee.answered', attempt: 1 } as const;
const over = { type: 'dial.ended', attempt: 1, outcome: 'connected', callOver: false } as const;

function keyed(key: string | null, attempt = 1): CallFact {
  return { type: 'callee.keyed', attempt, key };
}

/** A call whose transfer rings, because Ada wants help with a parcel. */
function rings(destination = place): CallScene {
  const scene = CallScene.greeted({ destinations: { support: destination } }).toolCalled('t1', 'transfer_call');
  scene.toolFinished('t1', { kind: 'transfer', destination: 'support', reason: 'Ada, a parcel' }).passes(3_000);
  return scene.happens({ type: 'connect.ended', stream: null, callOver: false });
}

function told(scene: CallScene): unknown[] {
  return scene.all('callee.answer').map(({ instruction }) => instruction);
}

describe('a transfer that must be taken', () => {
  test('has whoever answers told who calls and why, in the same words however often that is asked', () => {
    const scene = rings().happens(answered, answered);
    const words = '+1 5 5 5 0 1 2 3: Ada, a parcel. Press 1.';
    const ask = { kind: 'ask', attempt: 1, words, language: null };
    expect(told(scene)).toEqual([ask, ask]);
    expect(scene.types).not.toContain('model.close');
  });

  test('is taken by 1: the model is let go at once, and the call ends as transferred', () => {
    const scene = rings().happens(answered, keyed('1'));
    expect(told(scene).at(-1)).toEqual({ kind: 'connect' });
    expect(scene.types).toContain('model.close');
    scene.happens(over);
    expect(scene.endReason).toBe('transferred');
  });

  test.for<[name: string, facts: readonly CallFact[], words: string]>([
    ['another key', [answered, keyed('2')], 'somebody answered and did not take the call'],
    ['a star', [answered, keyed('*')], 'somebody answered and did not take the call'],
    ['a hang-up before any key', [answered], 'somebody answered and did not take the call'],
    ['no key in time', [answered, keyed(null)], 'probably by an answering machine'],
    ['an answer of which nobody told', [], 'probably by an answering machine'],
    ['1 after another key', [answered, keyed('2'), keyed('1')], 'somebody answered and did not take the call'],
  ])('is not taken by %s, and the model is told so', ([, facts, words]) => {
    const scene = rings().happens(...facts);
    expect(told(scene)).not.toContainEqual({ kind: 'connect' });
    scene.happens(over);
    expect(scene.answers.at(-1)).toEqual({ kind: 'stream', number: 2 });
    scene.happens({ type: 'stream.started', streamSid: 'MZ2' });
    expect(scene.all('model.sendText').at(-1)?.text).toContain(words);
  });

  test('that was taken and not connected after all brings the caller back', () => {
    const scene = rings().happens(answered, keyed('1'), { ...over, outcome: 'failed' });
    expect(scene.endReason).toBeNull();
    expect(scene.answers.at(-1)).toMatchObject({ kind: 'dial', transfer: null });
  });

  // An operator sent a caller on, and the model answered what it had been told of that when the stream was closed. The board showed its words,
  // and they would have stood in the transcript before the first that the caller heard after coming back.
  test('lets nobody read what the model says while nobody hears it', () => {
    const scene = rings();
    scene.forget().happens({ type: 'model.agentTranscript', text: 'Nobody hears this. ' });
    expect(scene.notes('wordsDropped')).toHaveLength(1);
    scene.happens(answered, over, { type: 'stream.started', streamSid: 'MZ2' });
    scene.happens({ type: 'model.agentTranscript', text: 'Nobody was there.' }).agentSpeaks(1_000);
    scene.happens({ type: 'model.generationCompleted' }).passes(1_000).marksReturn();
    expect(scene.all('transcript.add').map(({ text }) => text)).toEqual(['Nobody was there.']);
  });

  test('connects nobody of another attempt, nor after its end', () => {
    const scene = rings().happens(keyed('1', 7), over, keyed('1'));
    expect(told(scene)).toEqual([{ kind: 'turnAway' }, { kind: 'turnAway' }]);
  });

  test('keeps its session while somebody decides, and no longer than the longest decision', () => {
    const scene = rings().passes(40_000).happens(answered).passes(74_000);
    expect(scene.types).not.toContain('model.close');
    scene.passes(1_000);
    expect(scene.types).toContain('model.close');
  });
});

describe('a destination of several numbers', () => {
  const both = { ...place, targets: [plainTarget(first), { ...plainTarget(second), ringSeconds: 10 }] };

  test('has them called one after the other, and the caller comes back only after the last', () => {
    const scene = rings(both).happens({ ...over, outcome: 'busy' });
    const transfer = { destination: 'support', reason: 'Ada, a parcel', step: 1 };
    const next = dials(second, { attempt: 2, transfer, mustAccept: true });
    expect(scene.answers.at(-1)).toEqual({ ...next, target: { ...next.target, ringSeconds: 10 } });
    scene.happens({ ...over, attempt: 2, outcome: 'noAnswer' }, { type: 'stream.started', streamSid: 'MZ2' });
    expect(scene.all('model.sendText').at(-1)?.text).toContain(
      'at number 1 the line was busy; at number 2 nobody answered',
    );
  });

  test('asked again about the first, it goes on with the second', () => {
    const scene = rings(both).happens({ ...over, outcome: 'busy' }, { ...over, outcome: 'busy' });
    expect(scene.answers.at(-1)).toMatchObject({ kind: 'dial', attempt: 2 });
  });

  test('that the caller does not wait for ends the call', () => {
    const scene = rings(both).happens({ ...over, outcome: 'canceled', callOver: true });
    expect(scene.endReason).toBe('callerHungUp');
  });
});

test('a process that takes over knows that a person has the caller', () => {
  const instruction = dials(first, { mustAccept: true });
  const memory = { items: [], handle: null, instruction, streamNumber: 1, elapsedMs: 9_000 };
  for (const [callee, kind] of [
    ['accepted', 'hangUp'],
    ['asked', 'stream'],
  ] as const) {
    const scene = new CallScene({ destinations: { support: place } });
    scene.happens({ type: 'call.restored', memory: { ...memory, callee } }, over);
    expect(scene.answers.at(-1)?.kind).toBe(kind);
  }
});

describe('an announcement', () => {
  const filling = { destination: 'support', caller: null, reason: null };

  test.for([
    ['+436641234567', '+4 3 6 6 4 1 2 3 4 5 6 7'],
    ['anonymous', 'anonymous'],
    ['sip:anna.berger@example.com', 'anna berger'],
    ['client:browser-phone', 'browser phone'],
    [null, 'a withheld number'],
    ['@', 'a withheld number'],
  ] as const)('says %s as %s', ([caller, words]) => {
    expect(announcementWords({ ...place, announcement: '{{caller}}' }, { ...filling, caller })).toBe(words);
  });

  test('speaks a reason as data: what looks like a placeholder in it is not filled', () => {
    const reason = 'ignore {{caller}} <Dial>';
    expect(announcementWords({ ...place, announcement: 'Why: {{reason}}' }, { ...filling, reason })).toBe(
      'Why: ignore {{caller}} <Dial>.',
    );
  });

  test('is one line, and a reason is short', () => {
    expect(shortReason(' a\n\tb\u0000 ')).toBe('a b');
    expect(shortReason(' \n')).toBeNull();
    expect(shortReason('x'.repeat(500))).toHaveLength(120);
  });
});
