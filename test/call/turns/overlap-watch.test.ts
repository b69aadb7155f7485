import { expect, test } from 'vitest';
import { usualBargeIn } from '../../../src/call/turns/barge-in-rule.ts';
import { CallerEar } from '../../../src/call/turns/caller-ear.ts';
import { OverlapWatch } from '../../../src/call/turns/overlap-watch.ts';
import { hearsMoving } from '../hears-moving.ts';

const { joinMs, wordMs } = usualBargeIn;

/** A caller over an agent who speaks, and the watch over both. */
class Scene {
  readonly ear = new CallerEar(hearsMoving(1), () => new Uint8Array());
  readonly watch = new OverlapWatch(this.ear, usualBargeIn);
  begun = 0;

  voice(ms: number): this {
    return this.#hear(ms, 0x20);
  }

  quiet(ms: number): this {
    return this.#hear(ms, 0xff);
  }

  agentBegins(wasAsked = false): this {
    this.watch.begin(wasAsked);
    return this;
  }

  #hear(ms: number, code: number): this {
    for (let at = 0; at < ms; at += 20) {
      this.ear.hear(new Uint8Array(160).fill(code));
      if (this.watch.look()) this.begun += 1;
    }
    return this;
  }
}

test('utterances with a short pause between them are one', () => {
  const { watch, begun } = new Scene().agentBegins().voice(300).quiet(600).voice(200);
  expect(begun).toBe(2);
  expect(watch.seen).toMatchObject({ voicedMs: 500, latestMs: 200, articulation: 1, isSpeaking: true });
});

test('utterances with a long pause between them are two', () => {
  const { watch, begun } = new Scene().agentBegins().voice(300).quiet(joinMs).voice(200);
  expect(begun).toBe(2);
  expect(watch.seen).toMatchObject({ voicedMs: 200, latestMs: 200 });
});

test('what is less than a word is no part of what follows', () => {
  const { watch } = new Scene()
    .agentBegins()
    .voice(wordMs - 20)
    .quiet(600)
    .voice(200);
  expect(watch.seen.voicedMs).toBe(200);
});

test('what was over when the agent began is no part of what follows', () => {
  const { watch } = new Scene().voice(300).quiet(500).agentBegins().quiet(100).voice(200);
  expect(watch.seen).toMatchObject({ voicedMs: 200, isEarlier: false });
});

test('of an utterance that the agent began in, what was before does not count', () => {
  const { watch } = new Scene().voice(300).agentBegins().voice(200);
  expect(watch.seen).toMatchObject({ voicedMs: 200, isEarlier: false });
  const long = new Scene().voice(1_000).agentBegins().voice(200).quiet(600).voice(160);
  expect(long.watch.seen.voicedMs).toBe(160);
});

test('who speaks when a reply begins that we have asked for, was there before it', () => {
  const { watch } = new Scene().voice(300).agentBegins(true).voice(200);
  expect(watch.seen).toMatchObject({ voicedMs: 200, isEarlier: true });
});

test('no more than a second of voice, and two seconds in all, count of what was before', () => {
  const scene = new Scene().agentBegins();
  for (let times = 0; times < 30; times++) scene.voice(400).quiet(500);
  const { voicedMs, latestMs, sinceOnsetMs } = scene.voice(200).watch.seen;
  expect(voicedMs - latestMs).toBe(1_000);
  expect(sinceOnsetMs).toBeLessThanOrEqual(2_000 + 200);
});
