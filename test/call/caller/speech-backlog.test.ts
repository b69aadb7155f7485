import { describe, expect, test } from 'vitest';
import { SpeechBacklog, speechIn, type CallerFrame } from '../../../src/call/caller/speech-backlog.ts';

describe('the speech in a backlog', () => {
  test('is nothing when nobody spoke', () => {
    expect(kept('.'.repeat(50))).toBe('');
    expect(kept('')).toBe('');
  });

  test('keeps 240 ms before it and a second behind its last word', () => {
    expect(kept(`${'.'.repeat(40)}sss${'.'.repeat(80)}`)).toBe(`${'.'.repeat(12)}sss${'.'.repeat(50)}`);
  });

  test('keeps a short pause between words whole, and of a long one only its edges', () => {
    expect(kept(`s${'.'.repeat(20)}s`)).toBe(`s${'.'.repeat(20)}s`);
    expect(kept(`s${'.'.repeat(100)}s`)).toBe(`s${'.'.repeat(24)}s`);
  });

  test('ends with the last word of a caller who still speaks', () => {
    expect(kept('....sss')).toBe('....sss');
  });

  test('keeps the frames in their order and as they are', () => {
    const frames = framesOf('..s..');
    expect(speechIn(frames)).toEqual(frames);
    expect(speechIn(frames).every((frame, index) => frame === frames[index])).toBe(true);
  });
});

test('a backlog keeps the newest twenty seconds, and tells what it dropped', () => {
  const backlog = new SpeechBacklog();
  const dropped = framesOf('s'.repeat(1_100)).map((frame) => backlog.push(frame));
  expect(dropped.reduce((sum, bytes) => sum + bytes, 0)).toBe(100 * 160);
  expect([dropped[999], dropped[1_000], backlog.bytes]).toEqual([0, 160, 1_000 * 160]);
  expect(backlog.takeSpeech([])).toHaveLength(1_000);
  expect(backlog.bytes).toBe(0);
});

/** One character for each frame of 20 ms: `s` is speech. */
function kept(frames: string): string {
  return speechIn(framesOf(frames))
    .map(({ isSpeech }) => (isSpeech ? 's' : '.'))
    .join('');
}

function framesOf(frames: string): CallerFrame[] {
  return Array.from(frames, (kind) => ({ audio: new Uint8Array(160), isSpeech: kind === 's', wasForwarded: false }));
}
