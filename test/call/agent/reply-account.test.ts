import { expect, test } from 'vitest';
import { Playout } from '../../../src/call/agent/playout.ts';
import { ReplyAccount } from '../../../src/call/agent/reply-account.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';

const voice = (ms: number): Uint8Array => new Uint8Array(8 * ms).fill(0x20);

/** Two replies, of 1 s and of 500 ms, of which all was sent: the second waits behind the first. */
function twoReplies(): { playout: Playout; replies: ReplyAccount } {
  const playout = new Playout();
  const replies = new ReplyAccount(mulawCodec, playout);
  replies.begin();
  replies.add(voice(1_000), 0);
  playout.send(voice(1_000), 0, 'reply');
  expect(replies.end()).toBe(true);
  replies.add(voice(500), 250);
  playout.send(voice(500), 0, 'reply');
  return { playout, replies };
}

test('the reply at the ear is the first until its end was heard, and then the second', () => {
  const { playout, replies } = twoReplies();
  expect([replies.isBehind, replies.position, replies.newestMs]).toEqual([true, { sentMs: 1_000, heardMs: 0 }, 500]);
  expect([replies.voiceMs(1_000), replies.behindVoiceMs, replies.takeHeard()]).toEqual([1_000, 500, []]);
  playout.marked('g1.1', 1_000);
  replies.advance();
  expect([replies.isBehind, replies.position]).toEqual([false, { sentMs: 500, heardMs: 0 }]);
  expect(replies.behindVoiceMs).toBe(0);
  expect(replies.takeHeard()).toEqual([{ voiceMs: 1_000, nextSinceMs: 250 }]);
  expect(replies.takeHeard()).toEqual([]);
  playout.marked('g1.2', 1_500);
  replies.advance();
  expect(replies.position).toEqual({ sentMs: 500, heardMs: 500 });
});

test('a cut when all of the first was heard is at its end, unless something of the second has come', () => {
  const playout = new Playout();
  const replies = new ReplyAccount(mulawCodec, playout);
  replies.begin();
  replies.add(voice(1_000), 0);
  const mark = playout.send(voice(1_000), 0, 'reply');
  replies.end();
  expect(replies.cutPosition).toEqual({ sentMs: 1_000, heardMs: 0 });
  playout.marked(mark, 1_000);
  replies.advance();
  expect(replies.cutPosition).toEqual({ sentMs: 1_000, heardMs: 1_000 });
  replies.add(voice(500), 0);
  expect(replies.cutPosition).toEqual({ sentMs: 500, heardMs: 0 });
});

test('more of them wait in a row, and one mark may tell the end of several', () => {
  const { playout, replies } = twoReplies();
  expect(replies.end()).toBe(true);
  replies.add(voice(300), 400);
  playout.send(voice(300), 0, 'reply');
  expect([replies.position.sentMs, replies.behindVoiceMs]).toEqual([1_000, 800]);
  playout.marked('g1.2', 1_500);
  replies.advance();
  expect(replies.position).toEqual({ sentMs: 300, heardMs: 0 });
  expect(replies.takeHeard()).toEqual([
    { voiceMs: 1_000, nextSinceMs: 250 },
    { voiceMs: 500, nextSinceMs: 400 },
  ]);
});

test('of nothing there is no end, and what comes behind 16 replies counts as one', () => {
  const replies = new ReplyAccount(mulawCodec, new Playout());
  expect(replies.end()).toBe(false);
  for (let number = 0; number < 16; number += 1) {
    replies.add(voice(20), 0);
    expect(replies.end()).toBe(true);
  }
  replies.add(voice(20), 0);
  expect([replies.end(), replies.newestMs]).toEqual([false, 20]);
});

test('a reply that begins anew has neither sound nor an earlier one', () => {
  const { replies } = twoReplies();
  replies.begin();
  expect([replies.isBehind, replies.position.sentMs]).toEqual([false, 0]);
  replies.add(new Uint8Array(8 * 500).fill(0xff), 0);
  expect(replies.voiceMs(500)).toBe(0);
});
