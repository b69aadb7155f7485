import { expect, test } from 'vitest';
import { ReplySound } from '../../../src/call/agent/reply-sound.ts';
import { heardWords } from '../../../src/call/talk/spoken-words.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';
import { toldWords } from './told-words.ts';

// `spoken-words.slow.test.ts` cuts four times as many.
toldWords(300);

test('where nothing was heard, or nothing has a voice, there are no words', () => {
  const position = { sentMs: 1_000, heardMs: 0, sentVoiceMs: 1_000, heardVoiceMs: 0, isWhole: true };
  expect(heardWords('One two.', position, null)).toBe('');
  expect(heardWords('One two.', { ...position, sentVoiceMs: 0 }, null)).toBe('');
});

test('a pause in the voice holds no words', () => {
  const position = { sentMs: 4_000, heardMs: 3_000, sentVoiceMs: 2_000, heardVoiceMs: 1_150, isWhole: true };
  expect(heardWords('Your order is here, and it is fine.', position, null)).toBe('Your order is here,');
});

test('numbers take as long as their words, and a language without spaces is cut at a character', () => {
  const position = { sentMs: 2_000, heardMs: 1_050, sentVoiceMs: 2_000, heardVoiceMs: 1_050, isWhole: true };
  expect(heardWords('123 is what you said', position, null)).toBe('123 is');
  const sentence = 'ご注文の商品は明日の午後にお届けする予定でございますので今しばらくお待ちくださいませ';
  expect(heardWords(sentence, { ...position, sentMs: 4_000 }, null)).toBe(
    sentence.slice(0, Math.floor(sentence.length * 0.525)),
  );
});

test('sound counts as voice by 20 ms, however it is cut into pieces, and a pause by what is loud in the reply', () => {
  const sound = new ReplySound(mulawCodec);
  for (const [code, ms] of [
    [0x20, 200],
    [0xff, 300],
    [0x78, 100],
    [0x20, 55],
  ] as const) {
    for (let at = 0; at < ms; at += 5) sound.add(new Uint8Array(40).fill(code));
  }
  expect([100, 200, 500, 600, 660].map((ms) => sound.voiceMs(ms))).toEqual([100, 200, 200, 200, 260]);
  sound.clear();
  expect(sound.voiceMs(100)).toBe(100);
});
