import { describe, expect, test } from 'vitest';
import { GapFiller } from '../../../src/call/caller/gap-filler.ts';
import { CallScene } from '../call-scene.ts';

const frame = new Uint8Array(160);

describe('a gap filler', () => {
  test('finds no gap in frames that follow each other, however late they come', () => {
    const filler = new GapFiller();
    filler.restart(0);
    expect([0, 20, 40, 60].map((timestampMs) => filler.frameCame(timestampMs, frame, timestampMs * 3))).toEqual([
      0, 0, 0, 0,
    ]);
  });

  test('takes the first frame of a stream as its beginning, whatever its timestamp', () => {
    const filler = new GapFiller();
    filler.restart(0);
    expect(filler.frameCame(1234, frame, 20)).toBe(0);
  });

  test('tells a lost frame from the timestamps', () => {
    expect(after([0, 20]).frameCame(100, frame, 100)).toBe(60);
  });

  test('does not fill once more what silence has filled already', () => {
    const filler = after([0, 20]);
    const filledMs = filler.overdue(filler.deadlineMs);
    expect(filledMs).toBe(300);
    expect(filler.frameCame(40 + 500, frame, 560)).toBe(200);
    expect(filler.frameCame(560, frame, 580)).toBe(0);
  });

  test('adds nothing for frames that were only late', () => {
    const filler = after([0, 20]);
    filler.overdue(filler.deadlineMs);
    expect(filler.frameCame(40, frame, 360)).toBe(0);
  });

  test('fills two seconds of a hole at most, and nothing for a clock that jumped', () => {
    expect(after([0]).frameCame(30_000, frame, 40)).toBe(2_000);
    expect(after([0]).frameCame(90_000, frame, 40)).toBe(0);
    expect(after([50_000]).frameCame(20, frame, 40)).toBe(0);
  });

  test('asks for silence after 300 ms, then every 100 ms, and for all the time that passed', () => {
    const filler = new GapFiller();
    filler.restart(1000);
    expect(filler.deadlineMs).toBe(1300);
    expect(filler.overdue(1299)).toBe(0);
    expect(filler.overdue(1300)).toBe(300);
    expect(filler.deadlineMs).toBe(1400);
    expect(filler.overdue(1400)).toBe(100);
    expect(filler.deadlineMs).toBe(1500);
  });

  test('keeps the fraction of a millisecond for the next piece', () => {
    const filler = new GapFiller();
    filler.restart(0.25);
    let sentMs = 0;
    for (let step = 0; step < 50; step += 1) sentMs += filler.overdue(filler.deadlineMs + 0.37);
    expect(Number.isInteger(sentMs)).toBe(true);
    expect(filler.deadlineMs - 100 - sentMs).toBeCloseTo(0.25, 6);
  });

  test('sends no flood after a standstill, and does not fall behind for ever', () => {
    const filler = new GapFiller();
    filler.restart(0);
    expect(filler.overdue(60_000)).toBe(2_000);
    expect(filler.overdue(60_000)).toBe(100);
    expect(filler.overdue(60_000)).toBe(0);
    expect(filler.deadlineMs).toBe(60_100);
  });
});

describe('the audio that a model hears', () => {
  test('is unbroken while the caller is muted', () => {
    const scene = CallScene.greeted().callerSends(200, 'silence');
    scene.forget();
    scene.passes(10_000);
    expect(scene.sentToModelMs).toBeGreaterThan(9_700);
    expect(scene.sentToModelMs).toBeLessThanOrEqual(10_000);
  });

  test('has silence where frames were lost, and the tally says how much', () => {
    const scene = CallScene.greeted().callerSends(200, 'speech');
    const { filled } = scene.tally.caller;
    scene.passes(80).callerSends(20, 'speech');
    expect(scene.tally.caller.filled - filled).toBe(80 * 8);
  });

  test('ends a sentence of a caller who mutes the phone, who then waits for an answer', () => {
    const scene = CallScene.greeted().callerSends(400, 'speech').passes(6_000);
    expect(scene.steps).toEqual(['answer: nudge']);
  });

  test('is unbroken while the stream is away', () => {
    const scene = CallScene.greeted().happens({ type: 'stream.closed', code: 1006 });
    scene.passes(3_000);
    expect(scene.sentToModelMs).toBeGreaterThan(2_600);
  });

  test('is not sent while no session is there', () => {
    const scene = CallScene.greeted();
    scene.happens({ type: 'model.closed', code: 1006, reason: '', remedy: 'resume', jitter: 0 });
    scene.forget();
    scene.passes(3_000);
    expect(scene.sentToModelMs).toBe(0);
  });
});

/** A filler after frames with these timestamps, which came in time. */
function after(timestampsMs: readonly number[]): GapFiller {
  const filler = new GapFiller();
  filler.restart(0);
  for (const timestampMs of timestampsMs) filler.frameCame(timestampMs, frame, timestampMs + 20);
  return filler;
}
