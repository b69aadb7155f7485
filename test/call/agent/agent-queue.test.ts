import { expect, test } from 'vitest';
import { AgentQueue } from '../../../src/call/agent/agent-queue.ts';

test('sound is taken in other pieces than it came in, and in order', () => {
  const queue = new AgentQueue();
  for (const piece of [[1, 2, 3], [], [4], [5, 6, 7, 8]]) expect(queue.push(Uint8Array.from(piece), 100)).toBe(true);
  expect([...queue.take(2)]).toEqual([1, 2]);
  expect([...queue.take(4)]).toEqual([3, 4, 5, 6]);
  expect(queue.bytes).toBe(2);
  expect([...queue.take(9)]).toEqual([7, 8]);
  expect([...queue.take(9)]).toEqual([]);
});

test('what is put back comes first', () => {
  const queue = new AgentQueue();
  queue.push(Uint8Array.of(1, 2, 3), 100);
  queue.push(Uint8Array.of(4), 100);
  const taken = queue.take(2);
  queue.putBack([Uint8Array.of(9), new Uint8Array(), taken]);
  expect(queue.bytes).toBe(5);
  expect([...queue.take(9)]).toEqual([9, 1, 2, 3, 4]);
  queue.putBack([Uint8Array.of(7)]);
  expect([...queue.take(9)]).toEqual([7]);
});

test('what is over the bound is not taken', () => {
  const queue = new AgentQueue();
  expect([queue.push(new Uint8Array(10), 10), queue.push(new Uint8Array(1), 10)]).toEqual([true, false]);
  expect(queue.clear()).toBe(10);
});
