import { expect, test } from 'vitest';
import { Playout } from '../../../src/call/agent/playout.ts';

/** So much sound, in which each byte tells where it stands. */
function sound(ms: number, firstMs = 0): Uint8Array {
  return Uint8Array.from({ length: 8 * ms }, (_, at) => (8 * firstMs + at) % 251);
}

/** How much the caller has heard by `nowMs`, in ms. */
function heardAtMs(playout: Playout, nowMs: number): number {
  return playout.heardAtBytes(nowMs) / 8;
}

test('marks advance the heard position in the order in which they were sent', () => {
  const playout = new Playout();
  const [first, second] = [playout.send(sound(100), 0, 'reply'), playout.send(sound(200), 10, 'reply')];
  expect([first, second]).toEqual(['g1.1', 'g1.2']);
  playout.marked('g1.1', 100);
  expect(playout.tally).toEqual({ sent: 2400, heard: 800, cleared: 0, waiting: 1600 });
  expect(playout.unheardMs).toBe(200);
});

test('a mark counts for those before it that were lost', () => {
  const playout = new Playout();
  playout.send(sound(100), 0, 'reply');
  playout.send(sound(100), 0, 'reply');
  playout.marked('g1.2', 200);
  expect(playout.isEmpty).toBe(true);
});

test('unknown marks and marks that come twice change nothing', () => {
  const playout = new Playout();
  playout.send(sound(100), 0, 'reply');
  playout.marked('g9.9', 50);
  playout.marked('g1.1', 100);
  playout.marked('g1.1', 101);
  expect(playout.tally.heard).toBe(800);
});

test('a clear counts as heard what the clock says, and returns the rest', () => {
  const playout = new Playout();
  playout.send(sound(200), 1000, 'reply');
  playout.send(sound(200, 200), 1000, 'reply');
  expect(playout.clear(1250, 'us')).toEqual([sound(150, 250)]);
  expect(playout.tally).toEqual({ sent: 3200, heard: 2000, cleared: 1200, waiting: 0 });
  expect(playout.send(sound(1), 1300, 'reply')).toBe('g2.1');
});

test('on a line whose marks do not come, the clock is believed for so long only', () => {
  const playout = new Playout();
  for (let sent = 0; sent < 20; sent++) playout.send(sound(100), 0, 'reply');
  expect(heardAtMs(playout, 5000)).toBe(100 + 600);
  playout.clear(5000, 'us');
  expect(playout.tally.heard).toBe(8 * 700);
});

test('the last mark is waited for until its due time and a grace', () => {
  const playout = new Playout();
  expect(playout.drainDeadlineMs).toBeNull();
  playout.send(sound(1000), 500, 'reply');
  expect(playout.drainDeadlineMs).toBe(500 + 1000 + 2000);
  expect(playout.assumeHeard()).toBe(1);
  expect(playout.tally.heard).toBe(8000);
});

test('the position of a reply counts from its beginning', () => {
  const playout = new Playout();
  playout.send(sound(100), 0, 'reply');
  playout.marked('g1.1', 100);
  playout.beginReply();
  playout.send(sound(100), 200, 'reply');
  playout.clear(250, 'us');
  expect(playout.replyHeardMs).toBe(50);
});

test('a comfort tone is no part of a reply, and nobody says it again', () => {
  const playout = new Playout();
  playout.send(sound(100), 0, 'comfort');
  expect(playout.isComfortOnly).toBe(true);
  playout.send(sound(100), 0, 'reply');
  playout.send(sound(100, 100), 0, 'reply');
  expect(playout.isComfortOnly).toBe(false);
  playout.marked('g1.2', 200);
  expect([heardAtMs(playout, 250), playout.replyHeardMs]).toEqual([250, 100]);
  playout.send(sound(100), 200, 'comfort');
  expect(playout.clear(250, 'us')).toEqual([sound(50, 150)]);
});

test('chunks whose marks never come are not kept without end', () => {
  const playout = new Playout();
  for (let sent = 0; sent < 3_010; sent++) playout.send(sound(1), 0, 'reply');
  expect(playout.tally).toEqual({ sent: 8 * 3_010, heard: 80, cleared: 0, waiting: 8 * 3_000 });
});

test('between marks, the heard position follows the clock, half a round trip behind', () => {
  const playout = new Playout();
  // 40 ms there and 40 ms back.
  playout.send(sound(100), 0, 'reply');
  playout.marked('g1.1', 180);
  playout.send(sound(100), 1000, 'reply');
  playout.send(sound(100), 1050, 'reply');
  expect(heardAtMs(playout, 1030)).toBe(100);
  expect(heardAtMs(playout, 1140)).toBe(100 + 100);
  playout.marked('g1.2', 1180);
  expect(heardAtMs(playout, 1180)).toBe(100 + 140);
});

test('a mark that is late moves the position back, and one that comes with it brings it forth again', () => {
  const playout = new Playout();
  for (let sent = 0; sent < 4; sent++) playout.send(sound(100), 0, 'reply');
  expect(playout.marked('g1.1', 100)).toBe(0);
  expect(playout.marked('g1.2', 500)).toBe(300);
  expect(heardAtMs(playout, 550)).toBe(250);
  expect(playout.marked('g1.4', 500)).toBe(0);
  expect(heardAtMs(playout, 550)).toBe(400);
});

test('on a long way, the clock is believed for as long as a mark takes to come back', () => {
  const playout = new Playout();
  // 500 ms there and 500 ms back.
  playout.send(sound(100), 0, 'reply');
  playout.marked('g1.1', 1_100);
  for (let sent = 0; sent < 20; sent++) playout.send(sound(100), 2_000, 'reply');
  expect(heardAtMs(playout, 2_500 + 1_150)).toBe(100 + 1_150);
  expect(heardAtMs(playout, 9_000)).toBe(100 + 100 + 500 + 600);
});

test('what is being heard is what was sent, over the seam of two chunks', () => {
  const playout = new Playout();
  expect(playout.heardFrom(0, 160)).toEqual(new Uint8Array());
  playout.send(sound(50), 0, 'reply');
  playout.send(sound(50, 50), 0, 'reply');
  expect(playout.heardFrom(10, 160)).toEqual(sound(20, 10));
  expect(playout.heardFrom(40, 160)).toEqual(sound(20, 40));
  expect(playout.heardFrom(90, 160)).toEqual(sound(10, 90));
  expect(playout.heardFrom(100, 160)).toEqual(new Uint8Array());
  for (const fromMs of [100, 105, 110, 115]) playout.send(sound(5, fromMs), 100, 'reply');
  expect(playout.heardFrom(100, 160)).toEqual(sound(20, 100));
});
