import { describe, expect, test } from 'vitest';
import { GapFiller } from '../../../src/call/caller/gap-filler.ts';
import { CallScene } from '../call-scene.ts';

const frameMs = 20;

describe('a gap filler', () => {
  test('finds no gap in frames that follow each other, however late they come', () => {
    const filler = new GapFiller();
    filler.restart(0);
    expect([0, 20, 40, 60].map((timestampMs) => filler.frameCame(timestampMs, frameMs, timestampMs * 3))).toEqual([
      0, 0, 0, 0,
    ]);
  });

  test('takes the first frame of a stream as its beginning, whatever its timestamp', () => {
    const filler = new GapFiller();
    filler.restart(0);
    expect(filler.frameCame(1234, frameMs, 20)).toBe(0);
  });

  test('tells a lost frame from the timestamps', () => {
    expect(after([0, 20]).frameCame(100, frameMs, 100)).toBe(60);
  });

  test('does not fill once more what silence has filled already', () => {
    const filler = after([0, 20]);
    const filledMs = filler.overdue(filler.deadlineMs);
    expect(filledMs).toBe(300);
    expect(filler.frameCame(40 + 500, frameMs, 560)).toBe(200);
    expect(filler.frameCame(560, frameMs, 580)).toBe(0);
  });

  test('adds nothing for frames that were only late', () => {
    const filler = after([0, 20]);
    filler.overdue(filler.deadlineMs);
    expect(filler.frameCame(40, frameMs, 360)).toBe(0);
  });

  test('fills two seconds of a hole at most, and nothing for a clock that jumped', () => {
    expect(after([0]).frameCame(30_000, frameMs, 40)).toBe(2_000);
    expect(after([0]).frameCame(90_000, frameMs, 40)).toBe(0);
    expect(after([50_000]).frameCame(20, frameMs, 40)).toBe(0);
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

describe('silence that was sent in the place of frames which were only late', () => {
  test('is paid back by silence of the caller, once 600 ms of that went out, and a little of it always goes out', () => {
    const filler = lateBy(500);
    const sentMs = frames(50).map((index) => (sends(filler, 40 + 20 * index, true) ? 20 : 0));
    const leftOut = sentMs.flatMap((ms, index) => (ms === 0 ? [index * 20] : []));
    expect(sentMs.slice(0, 5)).toEqual([20, 20, 20, 20, 20]);
    expect(leftOut[0]).toBe(100);
    expect(leftOut).toHaveLength(25);
    expect(Math.max(...runs(sentMs.map((ms) => ms === 0)))).toBe(8);
  });

  test('is not paid back by anything but silence, nor before there were 600 ms of it without a break', () => {
    const filler = lateBy(300);
    const isSent = frames(200).map((index) => sends(filler, 40 + 20 * index, index % 30 !== 0));
    expect(isSent.every(Boolean)).toBe(true);
  });

  test('is paid back by silence that need not be sent where frames are missing', () => {
    const filler = lateBy(500);
    for (const index of frames(25)) sends(filler, 40 + 20 * index, false);
    expect(filler.frameCame(540 + 400, frameMs, 960)).toBe(0);
    expect(filler.frameCame(960 + 300, frameMs, 1_280)).toBe(200);
  });

  test('is sent once where frames are half a second late again and again', () => {
    const filler = lateBy(500);
    let filledMs = 0;
    for (let atMs = 540; atMs < 20_000; atMs += 500) {
      for (const index of frames(25)) sends(filler, atMs - 500 + 20 * index, false, atMs);
      if (filler.deadlineMs < atMs + 500) filledMs += filler.overdue(atMs + 499);
    }
    expect(filledMs).toBe(0);
  });

  test('is sent later for half a minute after frames were late, and as soon as ever afterwards', () => {
    const filler = lateBy(500);
    const untilMs = 30_600;
    const waitsMs: number[] = [];
    for (let atMs = 540; atMs < untilMs; atMs += 20) {
      sends(filler, atMs - 500, true, atMs);
      waitsMs.push(filler.deadlineMs - atMs);
    }
    expect([waitsMs[0], waitsMs[1_499], waitsMs.at(-1)]).toEqual([800, 800, 300]);
  });

  test('is not owed when the timestamps show that nothing had come, however long', () => {
    const filler = after([0, 20]);
    let atMs = 40;
    for (; atMs < 90_000; atMs = filler.deadlineMs) filler.overdue(filler.deadlineMs);
    filler.frameCame(atMs, frameMs, atMs + 20);
    expect([filler.owes(frameMs), filler.deadlineMs]).toEqual([false, atMs + 320]);
  });

  test('is not counted before the first frame of a stream', () => {
    const filler = new GapFiller();
    filler.restart(0);
    filler.overdue(filler.deadlineMs);
    filler.frameCame(5_000, frameMs, 400);
    expect([filler.owes(frameMs), filler.deadlineMs]).toEqual([false, 700]);
  });

  test('is forgotten with the stream, or with the clock that counts its time', () => {
    const [restarted, reset] = [lateBy(500), lateBy(500)];
    restarted.restart(600);
    restarted.frameCame(100, frameMs, 620);
    reset.frameCame(900_000, frameMs, 620);
    expect([restarted.owes(frameMs), reset.owes(frameMs)]).toEqual([false, false]);
  });
});

describe('the account of a gap filler', () => {
  test('is not led astray by timestamps that jitter or by frames that are cut oddly', () => {
    const filler = after([0]);
    const jittered = frames(500).map((index) => filler.frameCame(20 + 20 * index + ((index * 7) % 5) - 2, frameMs, 0));
    expect(new Set(jittered)).toEqual(new Set([0]));
    // Two halves of a frame bear the same time.
    const halved = frames(500).map((index) => filler.frameCame(10_020 + 20 * Math.floor(index / 2), 10, 0));
    expect(new Set(halved)).toEqual(new Set([0]));
    expect(filler.owes(frameMs)).toBe(false);
  });

  test('notices a loss of many frames that were each cut by little', () => {
    const filler = after([0]);
    const filledMs = frames(100).map((index) => filler.frameCame(25 + 25 * index, frameMs, 0));
    expect(filledMs.reduce((sum, ms) => sum + ms, 0)).toBeGreaterThan(485);
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

  test('has all words of frames that were late, and in the end as many milliseconds as the caller sent', () => {
    const scene = CallScene.greeted().callerSends(2_000, 'speech');
    scene.forget();
    const { forwarded } = scene.tally.caller;
    const fromMs = scene.nowMs;
    for (let time = 0; time < 6; time += 1) scene.callerIsLate(500, 'speech');
    scene.callerSends(1_500, 'silence');
    expect(scene.tally.caller.forwarded - forwarded).toBeGreaterThan(8 * (3_000 + 600));
    expect(scene.sentToModelMs).toBeLessThan(scene.nowMs - fromMs + 60);
    expect(scene.sentToModelMs).toBeGreaterThan(scene.nowMs - fromMs - 60);
  });

  test('gets its silence back over the greeting too, where silence stands for the caller', () => {
    const scene = CallScene.answered().agentSpeaks(8_000).callerSends(200, 'silence');
    scene.forget();
    scene.callerIsLate(500, 'silence').callerSends(1_000, 'silence');
    expect(scene.sentToModelMs).toBeGreaterThanOrEqual(1_500);
    expect(scene.sentToModelMs).toBeLessThan(1_520);
  });

  test('has no silence for frames that may lie unread, whatever else happens meanwhile', () => {
    const scene = CallScene.greeted().callerSends(400, 'speech');
    const { filled } = scene.tally.caller;
    scene.stalls(900).happens({ type: 'model.voiceActivity', activity: 'start' });
    scene.happens({ type: 'tick', lateMs: 700 });
    expect(scene.tally.caller.filled).toBe(filled);
    scene.happens({ type: 'tick', lateMs: 400 });
    expect(scene.tally.caller.filled - filled).toBe(500 * 8);
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
  for (const timestampMs of timestampsMs) filler.frameCame(timestampMs, frameMs, timestampMs + 20);
  return filler;
}

/** A filler that sent silence for so long in the place of frames which come now, from the timestamp 40 on. */
function lateBy(ms: number): GapFiller {
  const filler = after([0, 20]);
  while (filler.deadlineMs <= 40 + ms) filler.overdue(filler.deadlineMs);
  return filler;
}

/** A frame comes. Returns whether it is sent. */
function sends(filler: GapFiller, timestampMs: number, isSilent: boolean, nowMs = 540): boolean {
  expect(filler.frameCame(timestampMs, frameMs, nowMs)).toBe(0);
  return !filler.owes(frameMs) || !filler.leavesOut(frameMs, isSilent);
}

function frames(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}

/** How long each stretch of `true` is. */
function runs(flags: readonly boolean[]): number[] {
  const lengths: number[] = [];
  flags.forEach((flag, index) => {
    if (flag) lengths.push(flags[index - 1] === true ? (lengths.pop() ?? 0) + 1 : 1);
  });
  return lengths;
}
