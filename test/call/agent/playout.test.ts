import { expect, test } from 'vitest';
import { Playout } from '../../../src/call/agent/playout.ts';

test('marks advance the heard position in the order in which they were sent', () => {
  const playout = new Playout();
  const [first, second] = [playout.send(800, 0, 'reply'), playout.send(1600, 10, 'reply')];
  expect([first, second]).toEqual(['g1.1', 'g1.2']);
  playout.marked('g1.1', 100);
  expect(playout.tally).toEqual({ sent: 2400, heard: 800, cleared: 0, waiting: 1600 });
  expect(playout.unheardMs).toBe(200);
});

test('a mark counts for those before it that were lost', () => {
  const playout = new Playout();
  playout.send(800, 0, 'reply');
  playout.send(800, 0, 'reply');
  playout.marked('g1.2', 200);
  expect(playout.isEmpty).toBe(true);
});

test('unknown marks and marks that come twice change nothing', () => {
  const playout = new Playout();
  playout.send(800, 0, 'reply');
  playout.marked('g9.9', 50);
  playout.marked('g1.1', 100);
  playout.marked('g1.1', 101);
  expect(playout.tally.heard).toBe(800);
});

test('a clear counts the chunk that was playing as heard up to that moment, and no further', () => {
  const playout = new Playout();
  playout.send(1600, 1000, 'reply');
  playout.send(1600, 1000, 'reply');
  playout.clear(1150);
  expect(playout.tally).toEqual({ sent: 3200, heard: 1200, cleared: 2000, waiting: 0 });
  expect(playout.send(8, 1200, 'reply')).toBe('g2.1');
});

test('a chunk whose mark is late counts as heard no longer than it is', () => {
  const playout = new Playout();
  playout.send(800, 0, 'reply');
  playout.send(800, 0, 'reply');
  playout.clear(5000);
  expect(playout.tally.heard).toBe(800);
});

test('the last mark is waited for until its due time and a grace', () => {
  const playout = new Playout();
  expect(playout.drainDeadlineMs).toBeNull();
  playout.send(8000, 500, 'reply');
  expect(playout.drainDeadlineMs).toBe(500 + 1000 + 2000);
  expect(playout.assumeHeard()).toBe(1);
  expect(playout.tally.heard).toBe(8000);
});

test('what is over the bound of five minutes is refused', () => {
  const playout = new Playout();
  expect(playout.send(8 * 300_000, 0, 'reply')).toBe('g1.1');
  expect(playout.send(1, 0, 'reply')).toBeNull();
  expect(playout.tally.sent).toBe(8 * 300_000);
});

test('the position of a reply counts from its beginning', () => {
  const playout = new Playout();
  playout.send(800, 0, 'reply');
  playout.marked('g1.1', 100);
  playout.beginReply();
  playout.send(800, 200, 'reply');
  playout.clear(250);
  expect(playout.reply).toEqual({ sentMs: 100, heardMs: 50 });
});

test('a voice in crumbs is not held without end', () => {
  const playout = new Playout();
  const marks = Array.from({ length: 5_001 }, () => playout.send(1, 0, 'reply'));
  expect([marks.at(-2), marks.at(-1)]).toEqual(['g1.5000', null]);
  expect(playout.tally.waiting).toBe(5_000);
});
