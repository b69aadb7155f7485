import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { JournalItem } from '../../../src/store/journal-job.ts';
import { EntryOutbox } from '../../../src/store/postgres/entry-outbox.ts';
import { folderOf } from '../../temporary-folder.ts';

test('gives back what was put, in order and in steps, and leaves nothing', () => {
  const { folder, outbox } = opened('a');
  const items = Array.from({ length: 5_000 }, (_, n) => item(n, `line ${n}`));
  outbox.put(items.slice(0, 3_000));
  outbox.put(items.slice(3_000));
  const given: JournalItem[] = [];
  for (let waiting = outbox.oldest(); waiting !== null; waiting = outbox.oldest()) {
    expect(waiting.process).toBe('a');
    expect(waiting.items.length).toBeLessThanOrEqual(2_000);
    given.push(...waiting.items);
    waiting.forget();
    expect(outbox.count).toBe(5_000 - given.length);
  }
  expect(given).toEqual(items);
  expect(readdirSync(folder)).toEqual([]);
});

test('gives no more at once than a transaction should hold', () => {
  const { outbox } = opened('a');
  outbox.put([item(1, 'x'.repeat(1_500_000)), item(2, 'x'.repeat(1_500_000)), item(3, 'short')]);
  expect(outbox.oldest()?.items.map(({ n }) => n)).toEqual([1]);
  outbox.oldest()?.forget();
  expect(outbox.oldest()?.items.map(({ n }) => n)).toEqual([2, 3]);
});

test('takes up what a process left that is gone, and not what one has open', () => {
  const { folder, outbox } = opened('gone');
  outbox.put([item(1, 'of one that is gone')]);
  outbox.close();
  const lives = new EntryOutbox(join(folder, 'journal.sqlite'), 'lives');
  lives.put([item(1, 'of one that lives')]);
  writeFileSync(join(folder, 'journal.sqlite.outbox-damaged'), 'no database '.repeat(100));
  writeFileSync(join(folder, 'journal.sqlite'), 'nothing of ours');
  const next = new EntryOutbox(join(folder, 'journal.sqlite'), 'next');
  next.adopt();
  expect(next.count).toBe(1);
  expect(next.oldest()).toMatchObject({ process: 'gone', items: [{ n: 1 }] });
  lives.close();
  next.close();
});

test('that cannot be used says so, and can be tried again', () => {
  const { folder, outbox } = opened('a');
  const inTheWay = join(folder, 'journal.sqlite.outbox-a');
  mkdirSync(inTheWay);
  expect(() => outbox.put([item(1, 'hello')])).toThrow(`${inTheWay}, where entries would wait, cannot be used`);
  const other = new EntryOutbox(join(folder, 'journal.sqlite'), 'b');
  other.put([item(1, 'hello')]);
  expect(other.count).toBe(1);
  other.close();
});

function opened(process: string): { readonly folder: string; readonly outbox: EntryOutbox } {
  const folder = folderOf({});
  return { folder, outbox: new EntryOutbox(join(folder, 'journal.sqlite'), process) };
}

function item(n: number, text: string): JournalItem {
  const json = JSON.stringify({ speaker: 'caller', text, cut: false });
  return { callSid: 'CA1', hold: 1, heldSinceMs: 1, startedAtMs: 1, n, atMs: n, kind: 'said', json };
}
