import { expect, test } from 'vitest';
import { WriteBatch } from '../../src/calllog/write-batch.ts';

test('texts and bytes come out as they went in, in order', () => {
  const batch = new WriteBatch();
  batch.addText('Grüße, ');
  batch.add(Uint8Array.of(0, 255));
  batch.addText('');
  batch.addText('€'.repeat(5_000));
  expect(batch.take()).toEqual(
    Buffer.concat([Buffer.from('Grüße, '), Buffer.of(0, 255), Buffer.from('€'.repeat(5_000))]),
  );
  expect([batch.isEmpty, batch.take().length]).toEqual([true, 0]);
});

test('what is being written stays as it is, whatever comes meanwhile', () => {
  const batch = new WriteBatch();
  batch.addText('first');
  const first = batch.take();
  batch.addText('other');
  expect(first.toString()).toBe('first');
  batch.written();
  expect(batch.take().toString()).toBe('other');
  expect(batch.isEmpty).toBe(true);
});

test('two buffers are enough, and a large one is not kept', () => {
  const batch = new WriteBatch();
  const buffers = new Set<ArrayBufferLike>();
  const write = (bytes: number): void => {
    batch.add(new Uint8Array(bytes));
    const taken = batch.take();
    buffers.add(taken.buffer);
    batch.written();
  };
  for (let times = 0; times < 20; times += 1) write(3_000);
  expect(buffers.size).toBe(2);
  write(1_000_000);
  write(3_000);
  write(3_000);
  expect([...buffers].filter(({ byteLength }) => byteLength >= 1_000_000)).toHaveLength(1);
  expect(buffers.size).toBe(4);
});

test('what is cleared is forgotten', () => {
  const batch = new WriteBatch();
  batch.addText('gone');
  batch.clear();
  batch.addText('new');
  expect(batch.take().toString()).toBe('new');
});
