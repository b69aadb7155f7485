import { expect, test } from 'vitest';
import { ModelLine, setupMessage } from '../../../src/sim/run/model-line.ts';
import { recordedAgent as agent, wireFixtures } from '../../wire-fixtures.ts';

test('what the service sends in virtual time is what the real SDK wrote', () => {
  const line = new ModelLine(agent, 'key', () => 0);
  line.perform({ type: 'model.open', handle: null, account: null, fallback: false }, 0);
  expect(line.take({ type: 'model.connected', session: 1 }).effects).toStrictEqual([
    { type: 'model.send', session: 1, message: written('setup') },
  ]);
  line.take({ type: 'model.received', session: 1, text: '{"setupComplete":{}}' });

  const answers = [
    { id: 'c1', name: 'lookup_record', response: { result: 'Shipped on Monday.' }, silent: false },
    { id: 'c2', name: 'end_call', response: { result: 'The call ends.' }, silent: true },
  ];
  expect([
    ...line.perform({ type: 'model.sendAudio', pcm: Uint8Array.of(0, 1, 2, 3) }, 0),
    ...line.perform({ type: 'model.sendText', prompts: ['greeting'], text: 'The call was just answered.' }, 0),
    ...line.perform({ type: 'model.answerTools', answers }, 0),
  ]).toStrictEqual(
    ['audio', 'text', 'tool-response'].map((name) => ({ type: 'model.send', session: 1, message: written(name) })),
  );
});

test('an agent without a voice and without tools leaves both to the model', () => {
  expect(JSON.stringify(setupMessage({ ...agent, voice: null, tools: [] }))).not.toMatch(/speechConfig|"tools"/);
});

function written(name: string): unknown {
  return JSON.parse(wireFixtures('gemini').get(`to-gemini-${name}`) ?? 'null');
}
