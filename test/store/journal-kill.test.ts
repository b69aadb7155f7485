import { statSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { until } from '../until.ts';
import { allKept, journalAfterKills, Life } from './journal-life.ts';
import { JournalScene } from './journal-scene.ts';

describe.concurrent('a process that is killed', () => {
  test('early or late leaves all that it knew to be written, in order, and a final record of each call', async (context) => {
    expect(await journalAfterKills(context, [3, 290])).toEqual(allKept);
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
