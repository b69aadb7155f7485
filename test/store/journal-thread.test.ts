import { statSync, writeFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { until } from '../until.ts';
import { JournalScene, saidLine, takeOver } from './journal-scene.ts';

describe('a thread that dies', () => {
  test('before it has said what it wrote is started again, and nothing is written twice', async (context) => {
    const scene = new JournalScene(context);
    const journal = scene.open({}, scene.file, dyingWorker(scene, 2));
    const record = scene.accept(journal, 'CA1');
    record.append(saidLine('hello'));
    await until('the recovery', () => scene.log.named('journalRecovered').length > 0);
    record.append(saidLine('still here'));
    const call = await journal.read('CA1');
    expect(call?.entries.map(({ n, kind }) => [n, kind])).toEqual([
      [1, 'accepted'],
      [2, 'said'],
      [3, 'said'],
    ]);
    expect(call?.fence).toBe(1);
    expect(statSync(`${scene.file}.lives`).size).toBe(3);
    expect(scene.log.named('journalFailing')).toMatchObject([{ fault: 'journal.crashed' }]);
  });

  test('whatever it is given is left alone after a few lives, and calls go on', async (context) => {
    const scene = new JournalScene(context);
    const journal = scene.open({ answerMsMax: 100 }, scene.file, dyingWorker(scene, 1000));
    const record = scene.accept(journal, 'CA1');
    await until('the last life', () => statSync(`${scene.file}.lives`, { throwIfNoEntry: false })?.size === 3);
    await until('the failure', () => journal.state.lastError === 'journal.crashed');
    record.append(saidLine('hello'));
    expect(await journal.read('CA1')).toBeNull();
    expect(await takeOver(journal, 'CA1')).toEqual({ kind: 'unavailable' });
    expect(journal.state).toMatchObject({ kind: 'failing', queuedEntries: 2 });
    expect(statSync(`${scene.file}.lives`).size).toBe(3);
  });
});

function dyingWorker({ file }: JournalScene, shortLives: number): URL {
  writeFileSync(`${file}.short-lives`, `${shortLives}`);
  return new URL('journal-dying-worker.ts', import.meta.url);
}
