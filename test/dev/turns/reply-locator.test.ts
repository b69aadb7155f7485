import { expect, test } from 'vitest';
import { AgentEar, markedComfort } from '../../../dev/turns/call/agent-ear.ts';
import { ReplyLocator } from '../../../dev/turns/call/reply-locator.ts';
import { agentReplies, replyNames } from '../../../dev/turns/material/agent-replies.ts';

const { heard } = agentReplies('tuned', 'it-carlo');
const locator = new ReplyLocator(heard);
const [first, second] = replyNames;
const frameBytes = 160;
const silence = new Uint8Array(frameBytes).fill(0xff);

function frameOf(reply: string, atMs: number): Uint8Array {
  return (heard.get(reply) ?? silence).slice(8 * atMs, 8 * atMs + frameBytes);
}

test('every moment of a reply is known by its sound, its pauses too', () => {
  const known = Array.from({ length: 1_000 }, (_, at) => locator.locate(frameOf(first, 13.7 * at), null)?.atMs);
  expect(known).toEqual(Array.from({ length: 1_000 }, (_, at) => Math.floor(8 * 13.7 * at) / 8));
  expect(locator.locate(frameOf(second, 5_000), { reply: first, atMs: 100 })).toEqual({ reply: second, atMs: 5_000 });
});

test('the beginning of a reply in the middle of a frame lies before the frame', () => {
  const frame = silence.slice();
  frame.set(frameOf(first, 0).subarray(0, 80), 80);
  expect(locator.locate(frame, null)).toEqual({ reply: first, atMs: -10 });
});

test('silence and comfort sounds are no words', () => {
  const ear = new AgentEar(locator);
  ear.hear(silence);
  ear.hear(markedComfort.tone.slice(0, frameBytes));
  expect(ear.words).toEqual([false, false]);
  ear.hear(frameOf(first, 1_000));
  expect(ear).toMatchObject({ isWords: true, reply: first, silentMs: 0, wordsLeftMs: locator.lengthMs(first) - 1_020 });
});

test('a softer reply is words of an unknown moment, and what follows is known again', () => {
  const ear = new AgentEar(locator);
  ear.hear(frameOf(first, 3_000));
  // The magnitude of a mu-law code falls by 6 dB with each step of its upper three bits.
  ear.hear(frameOf(first, 3_020).map((code) => code | 0x10));
  ear.hear(frameOf(first, 3_040));
  expect(ear.words).toEqual([true, true, true]);
  expect(ear.places).toEqual([{ reply: first, atMs: 3_000 }, null, { reply: first, atMs: 3_040 }]);
});
