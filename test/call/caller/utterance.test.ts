import { describe, expect, test } from 'vitest';
import { Utterance } from '../../../src/call/caller/utterance.ts';

const twelveSeconds = 96_000;

describe('the utterance that may have to be said again', () => {
  test('gives back each frame as it came, and whether it was speech', () => {
    const utterance = new Utterance();
    const frames = [frame(160, 1, true), frame(320, 2, false), frame(1, 3, true)];
    for (const each of frames) utterance.push(each);
    expect(utterance.unanswered).toEqual(frames.map((each) => ({ ...each, wasForwarded: true })));
  });

  test('keeps the newest twelve seconds, in frames of any length', () => {
    for (const length of [160, 320, 7_000, 48_001]) {
      const utterance = new Utterance();
      const frames = Array.from({ length: Math.ceil((2 * twelveSeconds) / length) }, (_, at) =>
        frame(length, at % 251, at % 3 === 0),
      );
      for (const each of frames) utterance.push(each);
      const kept = utterance.unanswered;
      expect(kept).toHaveLength(Math.floor(twelveSeconds / length));
      expect(kept).toEqual(frames.slice(-kept.length).map((each) => ({ ...each, wasForwarded: true })));
    }
  });

  test('is empty once it is answered, and goes on from there', () => {
    const utterance = new Utterance();
    for (let at = 0; at < 700; at += 1) utterance.push(frame(160, at % 251, true));
    utterance.answered();
    expect(utterance.unanswered).toEqual([]);
    utterance.push(frame(160, 9, true));
    expect(utterance.unanswered).toEqual([{ ...frame(160, 9, true), wasForwarded: true }]);
  });

  test('keeps two seconds of what was answered, and twelve of what was not', () => {
    const utterance = new Utterance();
    for (let at = 0; at < 700; at += 1) utterance.push(frame(160, at % 251, true));
    expect(utterance.last(1e9)).toHaveLength(600);
    utterance.answered();
    const kept = utterance.last(1e9);
    expect(kept.map(({ audio }) => audio[0])).toEqual(Array.from({ length: 100 }, (_, at) => (600 + at) % 251));
    for (let at = 0; at < 50; at += 1) utterance.push(frame(160, 252, false));
    expect(utterance.last(1e9)).toHaveLength(150);
    expect(utterance.unanswered).toHaveLength(50);
  });

  test('grows as well after it was answered, whatever was kept by then', () => {
    const utterance = new Utterance();
    const frames = Array.from({ length: 500 }, (_, at) => frame(160 + (at % 7), at % 251, at % 3 === 0));
    for (const each of frames.slice(0, 200)) utterance.push(each);
    utterance.answered();
    for (const each of frames.slice(200)) utterance.push(each);
    const kept = utterance.last(1e9);
    expect(kept.length).toBeGreaterThan(390);
    expect(kept).toEqual(frames.slice(-kept.length).map((each) => ({ ...each, wasForwarded: true })));
  });

  test('says the last of it again, whether it was answered or not, and takes that for unanswered', () => {
    const utterance = new Utterance();
    for (let code = 0; code < 10; code += 1) utterance.push(frame(160, code, true));
    utterance.answered();
    utterance.push(frame(160, 10, true));
    expect(utterance.last(3 * 160).map(({ audio }) => audio[0])).toEqual([8, 9, 10]);
    // Half a frame is none.
    expect(utterance.last(3 * 160 - 1)).toHaveLength(2);
    utterance.reopen(3 * 160);
    expect(utterance.unanswered.map(({ audio }) => audio[0])).toEqual([8, 9, 10]);
    utterance.reopen(160);
    expect(utterance.unanswered).toHaveLength(3);
    utterance.reopen(1e9);
    expect(utterance.unanswered).toHaveLength(11);
  });

  test('keeps nothing of it once no model listens any more', () => {
    const utterance = new Utterance();
    for (let at = 0; at < 700; at += 1) utterance.push(frame(160, at % 251, true));
    utterance.clear();
    expect(utterance.last(1e9)).toEqual([]);
    utterance.push(frame(160, 9, true));
    expect(utterance.last(1e9)).toEqual([{ ...frame(160, 9, true), wasForwarded: true }]);
  });

  test('keeps nothing of what is longer than all that it can keep, nor of an empty frame', () => {
    const utterance = new Utterance();
    utterance.push(frame(160, 1, true));
    utterance.push(frame(0, 1, true));
    expect(utterance.unanswered).toHaveLength(1);
    utterance.push(frame(twelveSeconds + 1, 1, true));
    expect(utterance.unanswered).toEqual([]);
  });
});

function frame(bytes: number, code: number, isSpeech: boolean) {
  return { audio: new Uint8Array(bytes).fill(code), isSpeech, wasForwarded: false };
}
