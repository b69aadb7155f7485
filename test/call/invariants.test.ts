import { expect, test } from 'vitest';
import { Call } from '../../src/call/call.ts';
import { usualPatience } from '../../src/call/call-settings.ts';
import type { CallEffect } from '../../src/call/effects.ts';
import type { CallEvent, CallFact } from '../../src/call/events.ts';
import { InvariantWatch } from '../../src/call/invariants.ts';
import { standardAudioPath } from '../../src/sounds/standard-audio-path.ts';
import { modelRules } from '../../src/gemini/models.ts';

const settings = {
  greeting: 'Hello.',
  apology: 'Sorry.',
  caller: null,
  destinations: {},
  fallback: { number: null, voicemail: null },
  callMsMax: 60_000,
  model: { first: modelRules('gemini-3.8-live').behavior, fallback: null },
  sessionMsMax: 540_000,
  bargeIn: null,
  patience: usualPatience,
  tools: {},
};
const stream: CallFact = { type: 'stream.started', streamSid: 'MZ1' };
const tool: CallFact = { type: 'model.toolCalled', calls: [{ id: 't1', name: 'f', args: {} }] };
const answer = (id: string): CallEffect => ({
  type: 'model.answerTools',
  answers: [{ id, name: 'f', response: {}, scheduling: 'whenIdle' }],
});
const media: CallEffect = { type: 'stream.media', audio: new Uint8Array(8) };
const mark = (name: string): CallEffect => ({ type: 'stream.mark', name });
const turnStart: CallEffect = { type: 'model.activityStart' };
const turnEnd: CallEffect = { type: 'model.activityEnd' };
const sound: CallEffect = { type: 'model.sendAudio', pcm: new Uint8Array() };
const end: CallEffect = { type: 'call.end', reason: 'callerHungUp' };
const answered: CallEffect = { type: 'call.answer', instruction: { kind: 'nothing' } };
const taken: CallEffect = { type: 'request.answer', refusal: null };
const pictured: CallFact = { type: 'caller.pictured', bytes: 3 };
const picture: CallEffect = { type: 'model.sendPicture', bytes: 3 };

// What a call with a defect would order: the events are real, and the call behind them is a sound one that never ordered this.
test.each<[string, readonly CallFact[], readonly CallEffect[]]>([
  ['stream.media without a stream', [], [media]],
  ['stream.mark without a stream', [], [mark('g1.1')]],
  ['stream.clear without a stream', [], [{ type: 'stream.clear' }]],
  ['agent audio was sent that the call does not know of', [stream], [media]],
  ['audio of a cleared generation was sent: g1.2', [stream], [mark('g1.1'), { type: 'stream.clear' }, mark('g1.2')]],
  ['mark g1.1 is out of order', [stream], [mark('g1.2'), mark('g1.1')]],
  ['model.sendText without a model session', [], [{ type: 'model.sendText', prompts: [], text: '' }]],
  ['model.sendAudio without a model session', [], [{ type: 'model.sendAudio', pcm: new Uint8Array() }]],
  ['model.activityStart without a model session', [], [turnStart]],
  ['a turn began in another', [{ type: 'model.opened' }], [turnStart, turnStart]],
  ['a turn ended that had not begun', [{ type: 'model.opened' }], [turnEnd]],
  ['a turn ended that had not begun', [{ type: 'model.opened' }], [turnStart, turnEnd, turnEnd]],
  ['audio was sent outside of a turn', [{ type: 'model.opened' }], [turnStart, turnEnd, sound]],
  ['a turn was marked, but audio was sent without marks', [{ type: 'model.opened' }], [sound, turnStart]],
  [
    'text was sent in a turn',
    [{ type: 'model.opened' }],
    [turnStart, { type: 'model.sendText', prompts: [], text: '' }],
  ],
  ['model.answerTools without a model session', [tool], [answer('t1')]],
  ['tool call t1 was answered twice, or never made', [{ type: 'model.opened' }, tool], [answer('t1'), answer('t1')]],
  ['tool call t2 was answered twice, or never made', [{ type: 'model.opened' }], [answer('t2')]],
  ['a tool call was never answered', [{ type: 'model.opened' }, tool], [end]],
  ['the model session outlives the call', [{ type: 'model.opened' }], [end]],
  ['stream.close behind call.end', [], [end, { type: 'stream.close', code: 1000 }]],
  ['two redirects in flight', [], [update(), update()]],
  ['call.received was answered 0 times', [{ type: 'call.received' }], []],
  ['call.received was answered 2 times', [{ type: 'call.received' }], [answered, answered]],
  ['tick was answered 1 times', [], [answered]],
  ['operator.hungUp was answered 0 times', [{ type: 'operator.hungUp' }], []],
  ['caller.pictured was answered 2 times', [pictured], [taken, taken]],
  ['tick was answered 1 times', [], [taken]],
  ['a picture was not sent, or was refused and sent', [pictured], [taken]],
  ['a picture was not sent, or was refused and sent', [pictured], [picture, { ...taken, refusal: 'tooSoon' }]],
  ['model.sendPicture without a model session', [pictured], [picture, taken]],
  ['pictures were sent too fast', [{ type: 'model.opened' }, pictured], [picture, picture, taken]],
  ['an ended call waits for something', [], [end]],
])('the watch says: %s', (sentence, facts, effects) => {
  expect(observed(facts, effects)).toContain(sentence);
});

test('the watch says that a live call has no deadline', () => {
  const call = new Call(settings, standardAudioPath);
  expect(new InvariantWatch().observe({ type: 'tick', atMs: 0 }, [], call)).toContain('a live call has no deadline');
});

test('the watch says that time went back', () => {
  const call = new Call(settings, standardAudioPath);
  const watch = new InvariantWatch();
  watch.observe({ type: 'tick', atMs: 5 }, [], call);
  expect(watch.observe({ type: 'tick', atMs: 4 }, [], call)).toContain('time went back');
});

test('the watch says that something was ordered after the end', () => {
  const call = new Call(settings, standardAudioPath);
  const watch = new InvariantWatch();
  watch.observe({ type: 'tick', atMs: 0 }, [end], call);
  expect(watch.observe({ type: 'tick', atMs: 1 }, [{ type: 'stream.clear' }], call)).toContain(
    'stream.clear after the end',
  );
});

test('the watch says that the agent speaks after an operator has hung up', () => {
  const call = new Call(settings, standardAudioPath);
  const watch = new InvariantWatch();
  watch.observe({ type: 'operator.hungUp', atMs: 0 }, [{ ...taken, refusal: 'leaving' }], call);
  expect(watch.observe({ type: 'tick', atMs: 1 }, [media], call)).not.toContain('the agent speaks after a hang-up');
  watch.observe({ type: 'operator.hungUp', atMs: 2 }, [taken], call);
  expect(watch.observe({ type: 'tick', atMs: 3 }, [media], call)).toContain('the agent speaks after a hang-up');
});

/** Shows the watch the facts, and pretends that the last of them made the call order these effects. */
function observed(facts: readonly CallFact[], effects: readonly CallEffect[]): readonly string[] {
  const call = new Call(settings, standardAudioPath);
  call.handle({ type: 'call.received', atMs: 0 });
  const watch = new InvariantWatch();
  const events = (facts.length === 0 ? [{ type: 'tick' } as const] : facts).map((fact): CallEvent => ({
    ...fact,
    atMs: 0,
  }));
  const broken = events.map((event, index) => watch.observe(event, index === events.length - 1 ? effects : [], call));
  return broken.at(-1) ?? [];
}

function update(): CallEffect {
  return { type: 'telephony.update', instruction: { kind: 'hangUp', say: null } };
}
