import { describe, expect, test } from 'vitest';
import { Utterance } from '../../../src/call/caller/utterance.ts';

const twelveSeconds = 96_000;

describe('the utterance that may have to be said again', () => {
  test('gives back each frame as it came, and whether it was speech', () => {
    const utterance = new Utterance();
    const frames = [frame(160, 1, true), frame(320, 2, false), frame(1, 3, true)];
    for (const each of frames) utterance.push(each);
    expect(utterance.frames()).toEqual(frames.map((each) => ({ ...each, wasForwarded: true })));
  });

  test('keeps the newest twelve seconds, in frames of any length', () => {
    for (const length of [160, 320, 7_000, 48_001]) {
      const utterance = new Utterance();
      const frames = Array.from({ length: 1_500 }, (_, at) => frame(length, at % 251, at % 3 === 0));
      for (const each of frames) utterance.push(each);
      const kept = utterance.frames();
      expect(kept).toHaveLength(Math.floor(twelveSeconds / length));
      expect(kept).toEqual(frames.slice(-kept.length).map((each) => ({ ...each, wasForwarded: true })));
    }
  });

  test('is empty once it is answered, and goes on from there', () => {
    const utterance = new Utterance();
    for (let at = 0; at < 700; at += 1) utterance.push(frame(160, at % 251, true));
    utterance.clear();
    expect(utterance.frames()).toEqual([]);
    utterance.push(frame(160, 9, true));
    expect(utterance.frames()).toEqual([{ ...frame(160, 9, true), wasForwarded: true }]);
  });

  test('keeps nothing of what is longer than all that it can keep, nor of an empty frame', () => {
    const utterance = new Utterance();
    utterance.push(frame(160, 1, true));
    utterance.push(frame(0, 1, true));
    expect(utterance.frames()).toHaveLength(1);
    utterance.push(frame(twelveSeconds + 1, 1, true));
    expect(utterance.frames()).toEqual([]);
  });
});

function frame(bytes: number, code: number, isSpeech: boolean) {
  return { audio: new Uint8Array(bytes).fill(code), isSpeech, wasForwarded: false };
}
