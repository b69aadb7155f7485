import { dials } from '../call/call-scene.ts';
import { expect, test } from 'vitest';
import { isBargeInClear } from '../../src/cli/demo/barge-in.ts';
import { DemoConversation, type TimedLine } from '../../src/cli/demo/conversation.ts';
import { spreadText } from '../../src/cli/demo/spread-text.ts';
import { type Evidence, missing } from '../../src/cli/demo/verdict.ts';
import type { CallEffect, ToolAnswer } from '../../src/call/effects.ts';
import type { CallFact } from '../../src/call/events.ts';
import { standardAudioPath } from '../../src/sounds/standard-audio-path.ts';

const streamSid = 'MZ1';
const number = '+12025550100';
const lookUps = ['lookup_record', 'track_parcel'];
const found: ToolAnswer = { id: 't1', name: 'lookup_record', response: { status: 'found' }, scheduling: 'whenIdle' };
const tracked: ToolAnswer = { ...found, id: 't2', name: 'track_parcel' };
const ordered: readonly CallEffect[] = [
  { type: 'model.answerTools', answers: [found] },
  { type: 'stream.clear' },
  { type: 'note', level: 'info', name: 'bargeIn', fields: { sentMs: 900, heardMs: 100 } },
  { type: 'call.answer', instruction: dials(number) },
  { type: 'model.answerTools', answers: [tracked] },
];
const whole: Evidence = {
  effects: ordered,
  notes: [
    { atMs: 1, kind: 'stream.cleared', streamSid, discardedMs: 800, marks: 3 },
    { atMs: 2, kind: 'dial.started', to: number },
    { atMs: 3, kind: 'dial.ended', to: number, status: 'completed', bridged: true },
  ],
  modelReceived: [
    { setup: {} },
    { toolResponse: { functionResponses: ['t1', 't2'].map((id) => ({ id, response: { status: 'found' } })) } },
  ],
};

test('nothing is missing when both sides say that it happened', () => {
  expect(missing(whole, lookUps)).toEqual([]);
});

test.for([
  ['no record was given', { effects: ordered.slice(1) }, 'nothing that lookup_record had found'],
  [
    'the record did not arrive',
    { modelReceived: [{ toolResponse: { functionResponses: [{ id: 't2', response: { status: 'found' } }] } }] },
    'what lookup_record had found did not reach the model',
  ],
  ['no parcel was tracked', { effects: ordered.slice(0, 4) }, 'nothing that track_parcel had found'],
  [
    'nothing was found',
    { effects: [lookedUp('notFound'), ...ordered.slice(1)] },
    'nothing that lookup_record had found',
  ],
  ['no clear was ordered', { effects: ordered.toSpliced(1, 1) }, 'Clear: Parley did not order it'],
  ['only a comfort sound was taken back', { effects: ordered.toSpliced(2, 1) }, 'Clear: Parley did not order it'],
  [
    'the clear of another sound dropped something',
    { effects: [{ type: 'stream.clear' }, ...ordered] },
    'dropped no audio',
  ],
  ['nothing was cleared', { notes: whole.notes.slice(1) }, 'the carrier dropped no audio'],
  ['no transfer was ordered', { effects: ordered.toSpliced(3, 1) }, 'Transfer: Parley did not order it'],
  ['nobody was dialled', { notes: whole.notes.slice(0, 1) }, 'the carrier did not dial'],
  ['nobody took the transfer', { notes: whole.notes.slice(0, 2) }, 'nobody talked with the caller'],
] as const)('it is said that %s', ([, changes, sentence]) => {
  expect(missing({ ...whole, ...changes }, lookUps)).toEqual([expect.stringContaining(sentence)]);
});

test('the clear of a barge-in is told from that of a comfort sound, which may stand before it', () => {
  const effects: readonly CallEffect[] = [{ type: 'stream.clear' }, ...ordered];
  expect(effects.map((_, at) => isBargeInClear(effects, at))).toEqual([false, false, true, false, false, false]);
  const second = { atMs: 2, kind: 'stream.cleared', streamSid, discardedMs: 800, marks: 3 } as const;
  expect(missing({ ...whole, effects, notes: [...whole.notes, second] }, lookUps)).toEqual([]);
});

test('times are told by their middle and their end, and a single one as it is', () => {
  expect(spreadText([4, 2, 1, 3])).toBe('p50 2.00 ms   p95 4.00 ms   (4 times)');
  expect(spreadText([1.761])).toBe('1.76 ms   (once)');
});

test('each line says who spoke from when to when, and the wait goes from the end of speech to the first word', () => {
  const scene = new Scene();
  scene.speak(1000, 1980);
  scene.step(2000, { type: 'stream.media', sequence: 1, timestampMs: 1, audio: new Uint8Array(160).fill(0xff) });
  scene.step(2900, { type: 'model.turnCompleted', reason: null }, [
    { type: 'transcript.add', speaker: 'caller', text: 'Hello?', cut: false },
    { type: 'stream.media', audio: new Uint8Array(160) },
  ]);
  scene.conversation.playoutStarted(2910);
  // The playout runs dry in the middle of a reply: nobody has waited since.
  scene.conversation.playoutStarted(3000);
  scene.step(4000, { type: 'stream.marked', name: 'g1.1' });
  scene.step(4500, { type: 'stream.marked', name: 'g1.2' }, [
    { type: 'transcript.add', speaker: 'agent', text: 'Good day.', cut: false },
  ]);
  expect(scene.lines).toEqual([
    { atMs: 2900, who: 'caller', text: '1.0 to 2.0 s  "Hello?"' },
    { atMs: 2910, who: 'caller', text: "waited 930 ms from the end of speech to the agent's first word" },
    { atMs: 4500, who: 'agent', text: '2.9 to 4.5 s  "Good day."' },
  ]);
});

test('a tone is not what the caller waited for, and the reply begins behind it', () => {
  const scene = new Scene();
  scene.speak(1000, 2000);
  scene.step(3500, { type: 'tick' }, [{ type: 'stream.media', audio: standardAudioPath.comfortSounds.tone }]);
  scene.conversation.playoutStarted(3505);
  scene.step(4400, { type: 'tick' }, [{ type: 'stream.clear' }, { type: 'stream.media', audio: new Uint8Array(160) }]);
  scene.conversation.playoutStarted(4405);
  scene.step(5000, { type: 'stream.marked', name: 'g2.1' }, [
    { type: 'transcript.add', speaker: 'agent', text: 'Good day.', cut: false },
  ]);
  expect(scene.lines).toEqual([
    {
      atMs: 4405,
      who: 'caller',
      text: "waited 2405 ms from the end of speech to the agent's first word (a tone after 1505 ms)",
    },
    { atMs: 5000, who: 'agent', text: '4.4 to 5.0 s  "Good day."' },
  ]);
});

test('an interrupted reply ends at the clear, and a long tool answer fits on its line', () => {
  const scene = new Scene();
  scene.step(1000, { type: 'model.opened' }, [{ type: 'stream.media', audio: new Uint8Array(160) }]);
  scene.step(1800, { type: 'model.interrupted' }, [
    { type: 'stream.clear' },
    { type: 'transcript.add', speaker: 'agent', text: 'It was', cut: true },
  ]);
  scene.step(2000, { type: 'tick' }, [lookedUp('x'.repeat(500))]);
  expect(scene.lines[0]).toEqual({ atMs: 1800, who: 'agent', text: '1.0 to 1.8 s  "It was —" (interrupted)' });
  expect(scene.lines[1]?.text).toMatch(/^→ \{"status":"x+…$/);
  expect(scene.lines[1]?.text.length).toBeLessThan(100);
});

function lookedUp(status: string): CallEffect {
  return { type: 'model.answerTools', answers: [{ ...found, response: { status } }] };
}

class Scene {
  readonly lines: TimedLine[] = [];
  readonly conversation = new DemoConversation(standardAudioPath, (line) => this.lines.push(line));

  step(atMs: number, fact: CallFact, effects: readonly CallEffect[] = []): void {
    this.conversation.step({ ...fact, atMs }, effects);
  }

  /** Loud frames from the first of them to the end of the last. */
  speak(fromMs: number, toMs: number): void {
    for (let atMs = fromMs + 20; atMs <= toMs; atMs += 20)
      this.step(atMs, { type: 'stream.media', sequence: 1, timestampMs: atMs, audio: new Uint8Array(160).fill(0x10) });
  }
}
