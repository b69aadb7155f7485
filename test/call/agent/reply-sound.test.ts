import { expect, test } from 'vitest';
import { ReplySound } from '../../../src/call/agent/reply-sound.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';

const voice = (ms: number): Uint8Array => new Uint8Array(8 * ms).fill(0x20);
const pause = (ms: number): Uint8Array => new Uint8Array(8 * ms).fill(0xff);

function soundOf(...pieces: readonly Uint8Array[]): ReplySound {
  const sound = new ReplySound(mulawCodec);
  for (const piece of pieces) sound.add(piece);
  return sound;
}

test('a reply has a voice but for its pauses, whatever the pieces are in which it comes', () => {
  for (const sound of [
    soundOf(voice(400), pause(200), voice(100)),
    soundOf(voice(7), voice(393), pause(150), pause(50), voice(100)),
  ]) {
    expect([400, 500, 600, 700].map((ms) => sound.voiceMs(ms))).toEqual([400, 400, 400, 500]);
  }
});

test('what is much softer than the loudest of the reply is a pause', () => {
  const murmur = new Uint8Array(8 * 200).fill(0xe9);
  expect(soundOf(murmur).voiceMs(200)).toBe(200);
  expect(soundOf(murmur, voice(20)).voiceMs(200)).toBe(0);
});

test('of the reply before, not half a frame is left', () => {
  const sound = soundOf(voice(30));
  sound.clear();
  sound.add(pause(30));
  sound.add(voice(10));
  expect([sound.voiceMs(20), sound.voiceMs(40)]).toEqual([0, 20]);
});

test('what lies beyond five minutes counts as voice', () => {
  const minutes = Array.from({ length: 6 }, () => pause(60_000));
  expect(soundOf(...minutes).voiceMs(360_000)).toBe(60_000);
});
