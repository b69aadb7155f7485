import { DatabaseSync } from 'node:sqlite';
import { describe, expect, test } from 'vitest';
import { until } from '../until.ts';
import { Life } from './journal-life.ts';
import { JournalScene, saidLine, takeOver } from './journal-scene.ts';

describe('a call that another process takes over', () => {
  test('is written by that one only, and its old process is told', async (context) => {
    const scene = new JournalScene(context);
    const old = new Life(context, scene.file, 'old');
    await until('the call', () => (old.committed.get('old-7') ?? 0) > 1);
    const journal = scene.open();
    scene.nowMs = Date.now();
    const taken = await takeOver(journal, 'old-7', () => void scene.fenced.push('old-7'));
    if (taken.kind !== 'taken') throw new Error(`It was ${taken.kind}.`);
    await until('the old process to be told', () => old.lines.includes('fenced old-7'));
    taken.record.append(saidLine('of the new one'));
    await old.kill();

    const call = await journal.read('old-7');
    expect(call?.fence).toBe(2);
    expect(call?.entries.slice(0, -1)).toEqual(taken.call.entries);
    expect(call?.entries.slice(-2)).toMatchObject([{ kind: 'takenOver' }, { text: 'of the new one', fence: 2, n: 1 }]);
    expect(old.lines.filter((line) => line.startsWith('fenced'))).toEqual(['fenced old-7']);
    expect(scene.fenced).toEqual([]);
  });

  test('is waited for while something else is at the file', async (context) => {
    const scene = new JournalScene(context);
    const [first, second] = [scene.open(), scene.open()];
    scene.accept(first, 'CA1');
    await first.read('CA1');
    const record = scene.accept(second, 'CA2');
    await second.read('CA2');
    const other = new DatabaseSync(scene.file);
    other.exec('BEGIN IMMEDIATE');
    const taking = takeOver(second, 'CA1');
    // It is written after the first try to take over has failed.
    record.append(saidLine('meanwhile'));
    await until('the failure', () => second.state.lastError === 'journal.locked');
    other.exec('ROLLBACK');
    other.close();
    expect(await taking).toMatchObject({ kind: 'taken', call: { fence: 2 } });
  });
});
