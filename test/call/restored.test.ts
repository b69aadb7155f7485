import { describe, expect, test } from 'vitest';
import type { CallSettings } from '../../src/call/call-settings.ts';
import type { CallInstruction } from '../../src/call/effects.ts';
import type { CallMemory } from '../../src/call/talk/memory.ts';
import { CallScene, dials } from './call-scene.ts';

const greeting: CallMemory['items'][number] = {
  kind: 'said',
  atMs: -30_000,
  speaker: 'agent',
  text: 'Hello, this is Parley.',
  cut: false,
};
const wish: CallMemory['items'][number] = {
  ...greeting,
  atMs: -5_000,
  speaker: 'caller',
  text: 'I wait for my order.',
};

describe('a call whose process is gone', () => {
  test('goes on with a stream of its own, its handle, and what an instruction may have told', () => {
    const scene = restored({ kind: 'stream', number: 2 });
    scene.happens({ type: 'connect.ended', stream: 2, callOver: false });
    expect(scene.answers).toEqual([{ kind: 'stream', number: 3 }]);
    expect(scene.all('model.open')).toMatchObject([
      { handle: 'h1', recap: expect.stringContaining('I wait for my order.') },
    ]);
    expect(scene.all('model.open')[0]?.recap).toContain('this is Parley');
    scene.happens({ type: 'stream.started', streamSid: 'MZ9' }, { type: 'model.opened' });
    expect(scene.phase).toBe('talking');
    expect(scene.texts).toEqual([expect.stringContaining('The line dropped')]);
  });

  test('without a handle goes on with an recap of all that was said, and does not greet', () => {
    const scene = restored({ kind: 'stream', number: 1 }, { handle: null });
    scene.happens({ type: 'connect.ended', stream: 1, callOver: false });
    const [order] = scene.all('model.open');
    expect(order?.handle).toBeNull();
    expect(order?.recap).toMatch(/Do not greet[^]*this is Parley[^]*I wait for my order/u);
  });

  test('that had not greeted greets', () => {
    const scene = restored({ kind: 'stream', number: 1 }, { handle: null, items: [] });
    scene.happens({ type: 'connect.ended', stream: 1, callOver: false }, { type: 'stream.started', streamSid: 'MZ9' });
    scene.happens({ type: 'model.opened' });
    expect(scene.all('model.open')).toMatchObject([{ recap: null }]);
    expect(scene.texts).toEqual([expect.stringContaining('Greet the caller')]);
    scene.agentReplies(1000).modelReturns(300).passes(10_000);
    expect(scene.texts).toHaveLength(1);
  });

  test('that had not greeted, and had a note of an operator, greets and is then told the note', () => {
    const note = { kind: 'noted', atMs: -5_000, text: 'The parcel comes at 4.' } as const;
    const scene = restored({ kind: 'stream', number: 1 }, { handle: null, items: [note] });
    scene.happens({ type: 'connect.ended', stream: 1, callOver: false }, { type: 'stream.started', streamSid: 'MZ9' });
    scene.happens({ type: 'model.opened' });
    expect(scene.texts).toEqual([expect.stringContaining('Greet the caller')]);
    scene.agentReplies(1000).modelReturns(300).passes(5_000);
    expect(scene.texts.slice(1)).toEqual([expect.stringContaining('The parcel comes at 4.')]);
  });

  test('that had only asked for a tool greets', () => {
    const call = { name: 'lookup_record', args: {} };
    const tool = { kind: 'tool', atMs: -5_000, call, response: { result: 'done' } } as const;
    const scene = restored({ kind: 'stream', number: 1 }, { handle: null, items: [tool] });
    scene.happens({ type: 'connect.ended', stream: 1, callOver: false }, { type: 'stream.started', streamSid: 'MZ9' });
    scene.happens({ type: 'model.opened' });
    expect(scene.texts).toEqual([expect.stringContaining('Greet the caller')]);
  });

  test('is watched like any other', () => {
    const scene = restored({ kind: 'stream', number: 1 });
    scene.happens({ type: 'connect.ended', stream: 1, callOver: false }, { type: 'stream.started', streamSid: 'MZ9' });
    scene.happens({ type: 'model.opened' }).passes(4_000);
    expect(scene.steps).toEqual(['anything: nudge']);
  });

  test('that Twilio does not ask about ends', () => {
    expect(restored({ kind: 'stream', number: 1 }).passes(10_000).endReason).toBe('callerHungUp');
  });

  test('has only what was left of its longest duration', () => {
    const scene = restored({ kind: 'stream', number: 1 }, { elapsedMs: 590_000 });
    scene.happens({ type: 'connect.ended', stream: 1, callOver: false }, { type: 'stream.started', streamSid: 'MZ9' });
    scene.happens({ type: 'model.opened' }).agentReplies(500).forget().passes(10_000);
    expect(scene.texts).toEqual([expect.stringContaining('longest duration')]);
  });

  test('is restored once, and not at all when it has begun here', () => {
    const scene = CallScene.greeted();
    scene.happens({ type: 'call.restored', memory: memory({ kind: 'stream', number: 1 }) });
    expect([scene.phase, scene.notes('restored')]).toEqual(['talking', []]);
  });
});

describe('a restored transfer', () => {
  const dial: CallInstruction = dials('+15550100');

  test('opens no session while somebody talks, and ends with it', () => {
    const scene = restored(dial).happens({ type: 'dial.ended', attempt: null, outcome: 'connected', callOver: false });
    expect(scene.all('model.open')).toEqual([]);
    expect(scene.endReason).toBe('transferred');
  });

  test('that reached nobody brings the caller back to a session that knows why', () => {
    const scene = restored(dial).happens({ type: 'dial.ended', attempt: null, outcome: 'busy', callOver: false });
    expect(scene.all('model.open')).toMatchObject([{ handle: 'h1' }]);
    scene.happens({ type: 'stream.started', streamSid: 'MZ9' }, { type: 'model.opened' });
    expect(scene.texts).toEqual([expect.stringContaining('the line was busy')]);
    expect(scene.texts[0]).not.toContain('dropped');
  });

  test('to a number that is no destination was the fallback, and goes to voicemail or a goodbye', () => {
    const scene = restored(dials('+15550102', { transfer: null, say: 'I am sorry.' }));
    scene.happens({ type: 'dial.ended', attempt: null, outcome: 'noAnswer', callOver: false });
    expect(scene.answers).toEqual([{ kind: 'hangUp', say: 'I am sorry.' }]);
    expect(scene.all('model.open')).toEqual([]);
  });
});

test('a restored message is thanked for, and needs no session', () => {
  const voicemail = { prompt: 'Leave a message.', thanks: 'Thank you.', secondsMax: 60 };
  const scene = restored(
    { kind: 'record', say: 'I am sorry.', secondsMax: 60 },
    {},
    { fallback: { number: null, voicemail } },
  );
  scene.happens({ type: 'record.ended', durationMs: 4_000, callOver: false });
  expect(scene.answers).toEqual([{ kind: 'hangUp', say: 'Thank you.' }]);
  expect(scene.all('model.open')).toEqual([]);
  expect(scene.endReason).toBe('leftVoicemail');
});

function restored(
  instruction: CallInstruction,
  changes: Partial<CallMemory> = {},
  settings: Partial<CallSettings> = {},
): CallScene {
  return new CallScene(settings).happens({ type: 'call.restored', memory: { ...memory(instruction), ...changes } });
}

/** What an earlier process left: the handle covers the greeting and not the caller's wish. */
function memory(instruction: CallInstruction): CallMemory {
  const streamNumber = instruction.kind === 'stream' ? instruction.number : 2;
  return {
    items: [greeting, wish],
    handle: { value: 'h1', atMs: -20_000 },
    instruction,
    callee: 'ringing',
    streamNumber,
    elapsedMs: 40_000,
  };
}
