import { expect, test } from 'vitest';
import { CallItems } from '../../../../src/console/live/picture/call-items.ts';

test('tells what has changed since a moment', () => {
  const items = new CallItems();
  items.news(0, 'one');
  items.fragment(10, 'caller', 'Hel');
  const seen = items.changes;
  items.fragment(20, 'caller', 'lo.');
  items.news(30, 'two');
  expect(items.since(seen)).toMatchObject([
    { id: 2, atMs: 10, kind: 'words', text: 'Hello.', state: 'open' },
    { id: 3, text: 'two' },
  ]);
  expect(items.since(items.changes)).toEqual([]);
  expect(items.since(0)).toHaveLength(3);
});

test('shows what came of the next reply when the one before it was heard, and nothing of what was dropped', () => {
  const items = new CallItems();
  items.fragment(0, 'agent', 'One. Two.');
  items.fragment(1, 'agent', 'Your parcel was');
  items.finished(2_000, 'agent', 'One. Two.', false);
  items.fragment(2_500, 'agent', ' sent.');
  expect(items.since(0)).toMatchObject([
    { text: 'One. Two.', state: 'whole' },
    { text: 'Your parcel was sent.', state: 'open' },
  ]);
  items.finished(3_000, 'agent', 'Your parcel', true);
  expect(items.openWords('agent')).toBe('');
});

test('keeps the last ones, and what was forgotten stays so when it changes', () => {
  const items = new CallItems();
  items.toolRuns(0, { id: 'a', name: 'order', args: {} });
  for (let at = 0; at < 1_000; at += 1) items.news(at, 'x');
  expect(items.since(0)).toHaveLength(300);
  expect(items.forgotten).toBe(701);
  const seen = items.changes;
  items.toolEnded(5, 'a', 'answered', '{}');
  expect(items.since(seen)).toEqual([]);
  expect(items.running).toEqual([]);
});

test('cuts long words and long data', () => {
  const items = new CallItems();
  for (let at = 0; at < 100; at += 1) items.fragment(at, 'agent', 'x'.repeat(1_000));
  items.toolRuns(0, { id: 'a', name: 'order', args: { text: 'y'.repeat(100_000) } });
  items.toolEnded(1, 'a', 'answered', 'z'.repeat(100_000));
  expect(JSON.stringify(items.since(0)).length).toBeLessThan(4_000);
});

test('gives the wait to the line that it belongs to, whether its words or its sound come first', () => {
  const items = new CallItems();
  items.waited(700);
  items.fragment(0, 'agent', 'Yes.');
  items.finished(1, 'agent', 'Yes.', false);
  items.fragment(2, 'agent', 'And no.');
  items.waited(900);
  items.finished(3, 'agent', 'And no.', false);
  expect(items.since(0)).toMatchObject([{ waitMs: 700 }, { waitMs: 900, state: 'whole' }]);
});
