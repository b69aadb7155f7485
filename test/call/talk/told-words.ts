import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { ReplySound } from '../../../src/call/agent/reply-sound.ts';
import { type HeardPosition, heardWords, spokenLength } from '../../../src/call/talk/spoken-words.ts';
import { readWav } from '../../../src/audio/wav.ts';
import { seededRandom } from '../../../src/sim/seeded-random.ts';
import { mulawCodec } from '../../../src/sounds/mulaw-codec.ts';

const folder = new URL('../../../fixtures/audio/', import.meta.url);
const frameBytes = 160;

/** Single words of one recorded voice, without the silence around them. */
const words = (
  [
    ['zero', 'voices/tuned/en-allison/digits-0'],
    ['one', 'voices/tuned/en-allison/digits-1'],
    ['eleven', 'voices/tuned/en-allison/digits-11'],
    ['two', 'voices/tuned/en-allison/digits-2'],
    ['three', 'voices/tuned/en-allison/digits-3'],
    ['five', 'voices/tuned/en-allison/digits-5'],
    ['eight', 'voices/tuned/en-allison/digits-8'],
    ['Monday', 'voices/tuned/en-allison/digits-day-1'],
    ['Thursday', 'voices/tuned/en-allison/digits-day-4'],
    ['hello', 'words/tuned/stop/en-allison-hello'],
    ['no', 'words/tuned/stop/en-allison-no'],
    ['stop', 'words/tuned/stop/en-us-f2-stop-synthetic'],
    ['wait', 'words/tuned/stop/en-us-f2-wait-synthetic'],
    ['okay', 'words/tuned/backchannel/en-us-f2-okay-synthetic'],
    ['right', 'words/tuned/backchannel/en-us-f2-right-synthetic'],
  ] as const
).map(([text, file]) => ({ text, sound: trimmed(readWav(readFileSync(new URL(`${file}.wav`, folder))).data) }));

/** Tests of how many words are told of so many replies that are cut, put together of recorded words. */
export function toldWords(replies: number): void {
  test('of a whole reply that is cut anywhere, the words are told that were heard', () => {
    const errors = drawn(replies, (random) => {
      const whole = reply(random);
      const heardMs = random() * whole.ms;
      const heard = heardWords(whole.text, positionIn(whole, whole.ms, heardMs, true), null);
      return countOf(heard) - wordsUntil(whole, heardMs);
    });
    expect(shareWithinOneWord(errors)).toBeGreaterThan(0.975);
  });

  describe('of a reply that still comes, the words are told that were heard', () => {
    const cuts = drawn(replies, (random) => {
      const whole = reply(random);
      const before = [reply(random), reply(random)];
      const pace =
        before.reduce((sum, { text }) => sum + spokenLength(text), 0) /
        before.reduce((sum, { sound, ms }) => sum + sound.voiceMs(ms), 0);
      const sentMs = random() * whole.ms;
      const heardMs = random() * sentMs;
      return { whole, pace, sentMs, heardMs };
    });

    test.for([
      ['1.5 s ahead of', 1_500],
      ['with', 0],
      ['1.5 s behind', -1_500],
      ['all ahead of', Infinity],
    ] as const)('when they come %s its sound', ([, leadMs]) => {
      const errors = cuts.map(({ whole, pace, sentMs, heardMs }) => {
        const text = whole.text.split(' ').slice(0, wordsUntil(whole, sentMs + leadMs));
        const heard = heardWords(text.join(' '), positionIn(whole, sentMs, heardMs, false), pace);
        return countOf(heard) - Math.min(text.length, wordsUntil(whole, heardMs));
      });
      expect(shareWithinOneWord(errors)).toBeGreaterThan(0.95);
    });
  });
}

function trimmed(mulaw: Uint8Array): Uint8Array {
  const isLoud = (at: number): boolean => voiceMs(mulaw.subarray(at, at + frameBytes)) > 0;
  const frames = Array.from({ length: Math.floor(mulaw.length / frameBytes) }, (_, index) => index * frameBytes);
  return mulaw.slice(frames.find(isLoud) ?? 0, (frames.findLast(isLoud) ?? 0) + frameBytes);
}

function voiceMs(mulaw: Uint8Array): number {
  const sound = new ReplySound(mulawCodec);
  sound.add(mulaw);
  return sound.voiceMs(mulaw.length / 8);
}

interface Reply {
  readonly text: string;
  readonly sound: ReplySound;
  readonly ms: number;
  /** When each word is over. */
  readonly endsMs: readonly number[];
}

/** Sentences of three to nine words, with a pause of up to a second behind each. */
function reply(random: () => number): Reply {
  const sound = new ReplySound(mulawCodec);
  const endsMs: number[] = [];
  let text = '';
  let ms = 0;
  const add = (mulaw: Uint8Array): void => {
    sound.add(mulaw);
    ms += mulaw.length / 8;
  };
  const sentences = 1 + Math.floor(random() * 5);
  for (let sentence = 0; sentence < sentences; sentence++) {
    const count = 3 + Math.floor(random() * 7);
    for (let at = 0; at < count; at++) {
      const word = words[Math.floor(random() * words.length)];
      if (word === undefined) continue;
      add(word.sound);
      endsMs.push(ms);
      text += `${word.text}${at === count - 1 ? '. ' : ' '}`;
      add(silence(random() * 60));
    }
    add(silence(random() * 1_000));
  }
  return { text: text.trim(), sound, ms, endsMs };
}

function silence(ms: number): Uint8Array {
  return new Uint8Array(Math.floor(ms * 8)).fill(0xff);
}

function countOf(text: string): number {
  return text === '' ? 0 : text.split(' ').length;
}

/** Of a reply of which this much was sent and heard. */
function positionIn({ sound }: Reply, sentMs: number, heardMs: number, isWhole: boolean): HeardPosition {
  return { sentMs, heardMs, sentVoiceMs: sound.voiceMs(sentMs), heardVoiceMs: sound.voiceMs(heardMs), isWhole };
}

function wordsUntil({ endsMs }: Reply, ms: number): number {
  return endsMs.filter((endMs) => endMs <= ms).length;
}

/** So many of something that chance draws. To put sound together is most of the work of these tests, so those that can share a draw do. */
function drawn<T>(count: number, one: (random: () => number) => T): T[] {
  const next = seededRandom(1);
  return Array.from({ length: count }, () => one(() => next() / 2 ** 32));
}

/** How many cuts are told with at most one word too few or too many. */
function shareWithinOneWord(errors: readonly number[]): number {
  return errors.filter((error) => Math.abs(error) <= 1).length / errors.length;
}
