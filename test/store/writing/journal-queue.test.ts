import { expect, test } from 'vitest';
import type { JournalEntryKind } from '../../../src/store/journal-entry.ts';
import type { JournalItem } from '../../../src/store/journal-job.ts';
import { JournalQueue } from '../../../src/store/writing/journal-queue.ts';

const roomy = { items: 1_000_000, bytes: 1_000_000_000 };

test('a queue gives back in order what was not written', () => {
  const queue = new JournalQueue(roomy);
  for (let n = 1; n <= 5_000; n += 1) queue.push(item(n, 'said'));
  const batch = queue.take();
  expect(batch.length).toBeLessThan(5_000);
  expect(queue.length).toBe(5_000 - batch.length);
  queue.giveBack(batch);
  const all: number[] = [];
  while (queue.length > 0) all.push(...queue.take().map(({ n }) => n));
  expect(all).toEqual(Array.from({ length: 5_000 }, (_, index) => index + 1));
});

test('one entry that is larger than a batch is a batch of its own', () => {
  const queue = new JournalQueue(roomy);
  queue.push({ ...item(1, 'said'), json: 'x'.repeat(3_000_000) });
  queue.push(item(2, 'said'));
  expect(queue.take().map(({ n }) => n)).toEqual([1]);
  expect(queue.take().map(({ n }) => n)).toEqual([2]);
});

test('a full queue forgets states and handles that newer ones replace, before it drops a word', () => {
  const queue = new JournalQueue({ items: 20, bytes: roomy.bytes });
  queue.push(item(1, 'accepted'));
  queue.push(item(2, 'said'));
  for (let n = 3; n <= 30; n += 1) queue.push(item(n, n % 2 === 0 ? 'state' : 'handle'));
  queue.push({ ...item(1, 'handle'), hold: 2 });
  expect(queue.dropped).toBe(0);
  const left = queue.take();
  expect(left.slice(0, 2).map(({ kind }) => kind)).toEqual(['accepted', 'said']);
  expect(
    left
      .filter(({ hold }) => hold === 1)
      .slice(-2)
      .map(({ n }) => n),
  ).toEqual([29, 30]);
});

test.for([
  ['entries', { items: 100, bytes: roomy.bytes }],
  ['bytes', { items: roomy.items, bytes: 23_200 }],
] as const)('a queue that is full of %s drops the oldest words, and keeps what a call cannot do without', ([, max]) => {
  const queue = new JournalQueue(max);
  queue.push(item(1, 'accepted'));
  for (let n = 2; n <= 500; n += 1) queue.push(item(n, 'said'));
  queue.push(item(501, 'ended'));
  expect(queue.length).toBeLessThanOrEqual(101);
  expect(queue.length).toBeGreaterThan(80);
  expect(queue.dropped).toBe(501 - queue.length);
  const left = queue.take().map(({ n }) => n);
  expect(left[0]).toBe(1);
  expect(left.slice(1)).toEqual(Array.from({ length: left.length - 1 }, (_, index) => 503 - left.length + index));
});

test('a queue that is full of what calls cannot do without takes nothing more', () => {
  const queue = new JournalQueue({ items: 10, bytes: roomy.bytes });
  for (let hold = 1; hold <= 15; hold += 1) queue.push({ ...item(1, 'accepted'), hold });
  expect([queue.length, queue.dropped]).toEqual([10, 5]);
});

test('what a failed write gives back is bounded as well', () => {
  const queue = new JournalQueue({ items: 100, bytes: roomy.bytes });
  for (let n = 1; n <= 100; n += 1) queue.push(item(n, 'said'));
  const batch = queue.take();
  for (let n = 101; n <= 200; n += 1) queue.push(item(n, 'said'));
  queue.giveBack(batch);
  expect(queue.length).toBeLessThanOrEqual(100);
  expect(queue.take().at(-1)?.n).toBe(200);
});

function item(n: number, kind: JournalEntryKind): JournalItem {
  const common = { callSid: 'CA1', hold: 1, heldSinceMs: 0, startedAtMs: 0, atMs: 0 };
  return { ...common, n, kind, json: JSON.stringify({ text: 'words' }) };
}
