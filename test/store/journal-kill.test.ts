import { statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { until } from '../until.ts';
import { Life } from './journal-life.ts';
import { JournalScene } from './journal-scene.ts';

describe.concurrent('a process that is killed', () => {
  test('at any moment leaves all that it knew to be written, in order, and a final record of each call', async (context) => {
    const scene = new JournalScene(context);
    const lives: Life[] = [];
    for (const entries of [3, 290]) {
      const life = new Life(context, scene.file, `to-entry-${entries}`);
      await until('its entries', () => life.writes.length >= entries);
      await life.kill();
      lives.push(life);
    }
    const journal = scene.open();
    for (const life of lives) {
      for (const [callSid, written] of life.committed) {
        const call = await journal.read(callSid);
        const numbers = call?.entries.map(({ n }) => n) ?? [];
        expect(numbers.length).toBeGreaterThanOrEqual(written);
        expect(numbers).toEqual(numbers.map((_, index) => index + 1));
      }
    }
    // The longest life saw more than the beginning of its calls in the file.
    expect(lives.at(-1)?.committed.get('to-entry-290-0')).toBeGreaterThan(1);
    expect(journal.state.movedAside).toBeNull();
    const left = await journal.unfinished();
    expect(left.length).toBeGreaterThanOrEqual(20);
    scene.nowMs = Date.now() + 1;
    expect(await journal.closeUnfinished(0)).toBe(left.length);
    expect(await journal.unfinished()).toEqual([]);
  });

  test('leaves nothing unwritten that is older than a second', async (context) => {
    const scene = new JournalScene(context);
    const life = new Life(context, scene.file, 'life');
    await until('entries that are old enough', () => (life.olderThan(1_000).get('life-0') ?? 0) > 5);
    await life.kill();
    const journal = scene.open();
    for (const [callSid, written] of life.olderThan(1_000)) {
      expect((await journal.read(callSid))?.entries.length).toBeGreaterThanOrEqual(written);
    }
  });

  test('leaves files that only the owner may read, however loose its mask was', async (context) => {
    const scene = new JournalScene(context);
    const life = new Life(context, scene.file, 'life');
    await until('the file', () => life.committed.size > 0);
    await life.kill();
    const modes = ['', '-wal', '-shm'].map((part) => (statSync(scene.file + part).mode & 0o777).toString(8));
    expect(modes).toEqual(['600', '600', '600']);
  });
});
