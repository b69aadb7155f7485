import { expect, test } from 'vitest';
import { Transcript } from '../../../src/call/talk/transcript.ts';

test('fragments are joined into one line', () => {
  const transcript = new Transcript();
  for (const fragment of [' I would', ' like', ' an order. ']) transcript.callerSaid(fragment);
  expect(transcript.finishCaller()).toEqual({ speaker: 'caller', text: 'I would like an order.', cut: false });
  expect(transcript.finishCaller()).toBeNull();
});

test('a line that was cut holds what was heard, and none is written when that is nothing', () => {
  const transcript = new Transcript();
  transcript.agentSaid('one two three four');
  expect(transcript.finishAgent('one two')).toEqual({ speaker: 'agent', text: 'one two', cut: true });
  transcript.agentSaid('one two three four');
  expect(transcript.finishAgent('')).toBeNull();
});

test('a line has a bound', () => {
  const transcript = new Transcript();
  for (let index = 0; index < 100; index += 1) transcript.agentSaid('x'.repeat(1000));
  expect(transcript.finishAgent(null)?.text).toHaveLength(8000);
});

test('words ahead of their sound are none, and a language without spaces is cut at a character', () => {
  const transcript = new Transcript();
  transcript.agentSaid('Your order is on its way and comes tomorrow.');
  transcript.forgetUnsaid(800);
  expect(transcript.finishAgent(null)?.text).toBe('Your order is on');
  const sentence = 'ご注文の商品は明日の午後にお届けする予定でございますので今しばらくお待ちくださいませ';
  transcript.agentSaid(sentence);
  transcript.forgetUnsaid(500);
  expect(transcript.finishAgent(null)?.text).toBe(sentence.slice(0, 10));
});

test('nothing more is written down of a call in which too much was said', () => {
  const transcript = new Transcript();
  let chars = 0;
  for (let index = 0; index < 10_000; index += 1) {
    transcript.callerSaid('x'.repeat(40));
    chars += transcript.finishCaller()?.text.length ?? 0;
  }
  // Four hours of talk fit into it: a line costs 60 characters beside its words.
  expect(chars).toBe(5_000 * 40);
});
